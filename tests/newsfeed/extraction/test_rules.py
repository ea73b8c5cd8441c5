"""Every rule's examples hold, its code is its own, and it speaks three languages."""

from collections import Counter
from datetime import date

import pytest

from comity.newsfeed.announcement import FACTS, Announcement, AnnouncementType
from comity.newsfeed.article import BlockKind, article_of
from comity.newsfeed.extraction import extract
from comity.newsfeed.extraction.rules import Example, Rule, families, rules_of

RULES = [rule for family in families() for rule in rules_of(family)]
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.code}-{number}")
    for rule in RULES
    for number, example in enumerate(rule.examples, start=1)
]


def read(example: Example) -> Announcement:
    """The example as a release: one paragraph a line."""
    paragraphs = tuple((BlockKind.PARAGRAPH, line) for line in example.text.splitlines())
    published = date.fromisoformat(example.published) if example.published else None
    return extract(article_of("", paragraphs, published=published))


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_an_example_gives_what_it_says_and_nothing_more(rule: Rule, example: Example) -> None:
    found = [event for event in read(example).events if event.type is rule.type]

    assert len(found) == len(example.gives), [(e.rule, e.facts) for e in found]
    for expected in example.gives:
        assert any(
            all(
                set(event.values(name)) == set(value)
                if isinstance(value, list)
                else value in event.values(name)
                for name, value in expected.items()
            )
            for event in found
        ), (expected, [(e.rule, e.facts) for e in found])


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_every_fact_of_an_example_has_its_words_in_the_text(rule: Rule, example: Example) -> None:
    announcement = read(example)

    for event in announcement.events:
        for span in (event.span, *(fact.span for fact in event.facts)):
            assert span.start < span.end
            assert announcement.article.text[span.start : span.end] == span.text
        assert {fact.name for fact in event.facts} <= {name.name for name in FACTS[event.type]}


def test_no_code_is_used_twice() -> None:
    assert [code for code, times in Counter(rule.code for rule in RULES).items() if times > 1] == []


@pytest.mark.parametrize("kind", list(AnnouncementType))
def test_every_type_of_announcement_has_rules_with_examples_and_a_negative(
    kind: AnnouncementType,
) -> None:
    examples = [example for rule in RULES if rule.type is kind for example in rule.examples]

    assert any(example.gives for example in examples)
    assert any(not example.gives for example in examples)
