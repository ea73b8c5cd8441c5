# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comity.newsfeed.article import Article
from comity.newsfeed.difference import Difference, Mark, difference
from tests.support.exercise_news import announced, release


def between(before: Article, after: Article) -> Difference:
    return difference(before, after, announced(before).events, announced(after).events)


def marked(found: Difference) -> list[list[tuple[str, str]]]:
    return [[(w.mark.value, w.text) for w in block.words] for block in found.changed_blocks]


def test_the_same_edition_differs_in_nothing():
    one = release("First.", "Second.", "EXERCISE mra signed FJ,US 2025-06-01")

    found = between(one, one)

    assert found.changed_blocks == ()
    assert [event.mark for event in found.events] == [Mark.KEPT]


def test_changed_words_stand_between_those_that_stayed():
    before = release("The agreement was signed on Monday in Suva.", "Nothing else.")
    after = release("The agreement was signed on Tuesday in Suva.", "Nothing else.")

    assert marked(between(before, after)) == [
        [
            ("kept", "The agreement was signed on"),
            ("removed", "Monday"),
            ("added", "Tuesday"),
            ("kept", "in Suva."),
        ]
    ]


def test_paragraphs_come_and_go():
    before, after = release("One.", "Two.", "Three."), release("One.", "Three.", "Four.")

    assert marked(between(before, after)) == [[("removed", "Two.")], [("added", "Four.")]]


def test_a_long_paragraph_is_compared_as_a_whole():
    before, after = release("word " * 1000), release("word " * 1000 + "end")

    ((removed, added),) = marked(between(before, after))

    assert (removed[0], added[0]) == ("removed", "added")


def test_a_text_of_very_many_blocks_is_compared_in_no_time():
    before = release(*["a", "b"] * 4000, "c")
    after = release("b", *["b", "a", "a"] * 3000)

    found = difference(before, after)

    words = [w.text for block in found.blocks for w in block.words if w.mark is not Mark.REMOVED]
    assert "\n".join(words) == after.text


def test_events_are_added_vanish_and_change():
    before = release(
        "EXERCISE mra signed FJ,US 2025-06-01",
        "EXERCISE jwp signed FJ,US 2024",
        "EXERCISE csi signed TO,US 2023",
    )
    after = release(
        "EXERCISE mra signed FJ,US 2025-06-02",
        "EXERCISE jwp signed FJ,US 2024",
        "EXERCISE cmaa signed TO,US 2023",
    )

    found = between(before, after)

    changed, kept, added = [e for e in found.events if e.after]
    assert (changed.mark, changed.facts) == (Mark.CHANGED, ("date",))
    assert changed.before.value("date") == "2025-06-01"
    assert (kept.mark, kept.facts) == (Mark.KEPT, ())
    assert added.mark is Mark.ADDED
    (removed,) = [e for e in found.events if not e.after]
    assert (removed.mark, removed.before.value("kind")) == (Mark.REMOVED, "csi")


paragraphs = st.lists(st.text("ab \n", min_size=1, max_size=20), max_size=6)


@given(paragraphs, paragraphs)
def test_what_was_kept_and_added_makes_the_later_text(before, after):
    found = difference(release(*before), release(*after))

    words = [
        word
        for block in found.blocks
        for run in block.words
        if run.mark is not Mark.REMOVED
        for word in run.text.split()
    ]
    assert words == release(*after).text.split()


@given(paragraphs, paragraphs)
def test_what_was_kept_and_removed_makes_the_earlier_text(before, after):
    found = difference(release(*before), release(*after))

    words = [
        word
        for block in found.blocks
        for run in block.words
        if run.mark is not Mark.ADDED
        for word in run.text.split()
    ]
    assert words == release(*before).text.split()
