# SPDX-License-Identifier: Apache-2.0
"""Recommendations: what is advised, to whom, in which steps (NWS-8…).

A recommendation has a line of its own ("Recommendation 9: …", then its lead and its steps until the
next one), or it is told in a sentence: "the report recommends that the Department …", or what is
to be done and who is responsible for it. Without somebody who is to do it there is none, but for a
numbered one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType
from comity.newsfeed.article import Block, BlockKind
from comity.newsfeed.extraction.drafts import Cue, Cues, Draft
from comity.newsfeed.extraction.phrases import Match, Phrases, Token, tokens_of
from comity.newsfeed.extraction.reading import Reading, ReadSentence
from comity.newsfeed.extraction.wordlists import phraselist, wordset

_HEADED, _LISTED, _ASKED, _TOLD = "NWS-800", "NWS-801", "NWS-811", "NWS-812"
_BULLET = re.compile(r"\s*(?:[•◦▪●‣*–-]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+")
_NUMBER = re.compile(
    r"\s*(?:n\.?[°ºo]\.?|no\.?|num\.?|núm\.?|#|number|numéro|número)?"
    r"\s*(\d+(?:\.\d+)*|[A-Z]|[IVX]+)\b",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*[:.–—-]\s*")
_BRACKET = re.compile(r"\s*\(([^()\n]{8,300})\)")
_FEW_WORDS = re.compile(r"(?:[\w'’]+ ){0,3}")
_LEAST_WORDS = 2


def announced_recommendations(reading: Reading) -> Iterable[AnnouncedEvent]:
    """Every recommendation of the release."""
    cues = _cues().found(reading)
    headed = [cue for cue in cues if cue.rule.code == _HEADED and _opens_block(reading, cue)]
    known: set[str] = set()
    for position, cue in enumerate(headed):
        until = headed[position + 1].sentence.sentence.start if position + 1 < len(headed) else None
        draft = _headed(reading, cue, until)
        title = next(iter(draft.values("title")), "").casefold() if draft else ""
        if draft is not None and title not in known:
            known.add(title)
            yield draft.event(cue)
    if known:
        return
    for cue in cues:
        if cue.rule.code == _LISTED:
            yield from _listed(reading, cue)
            continue
        draft = _worded(reading, cue) if cue.rule.code != _HEADED else None
        title = next(iter(draft.values("title")), "").casefold() if draft else ""
        if draft is not None and title not in known:
            known.add(title)
            yield draft.event(cue)


def _block_of(reading: Reading, place: int) -> Block:
    return next(b for b in reading.article.blocks if b.start <= place < b.end)


def _opens_block(reading: Reading, cue: Cue) -> bool:
    """Whether the line begins with it: "Recommendation 9", "Our first recommendation: …"."""
    block = _block_of(reading, cue.match.start)
    before = reading.article.text[block.start : cue.match.start]
    if not before:
        return True
    after = reading.article.text[cue.match.end : cue.match.end + 3]
    return _FEW_WORDS.fullmatch(before) is not None and after.lstrip().startswith(":")


def _headed(reading: Reading, cue: Cue, until: int | None) -> Draft | None:
    """A recommendation with a line of its own: "Recommendation 9: …"."""
    text, block = reading.article.text, _block_of(reading, cue.match.start)
    draft = Draft(reading, AnnouncementType.RECOMMENDATION)
    at = cue.match.end
    number = _NUMBER.match(text, at, block.end)
    if number is not None:
        draft.add("number", number.start(1), number.end(1))
        at = number.end()
    end = len(text) if until is None else until
    blocks = [b for b in reading.article.blocks if block.start < b.start < end]
    bracket, separator = _BRACKET.match(text, at, block.end), _SEPARATOR.match(text, at, block.end)
    if bracket is not None:
        draft.add("title", bracket.start(1), bracket.end(1))
    elif separator is not None and separator.end() < block.end:
        draft.add("title", separator.end(), _title_end(reading, separator.end(), block))
    elif number is not None and at == block.end and blocks:
        draft.add("title", blocks[0].start, blocks[0].end)
    else:
        _tell_addressed(draft, reading, block, at)
    if not draft.has("title"):
        return None
    _tell_owner(draft, reading, (block, *blocks[:_MOST_BLOCKS]))
    _tell_steps(draft, reading, blocks)
    return draft if number is not None or draft.has("owner") else None


def _tell_addressed(draft: Draft, reading: Reading, block: Block, at: int) -> None:
    """A line such as "Recommendation 4, addressed to the Ministry of Finance: publish …"."""
    text = reading.article.text
    colon = text.find(":", at, min(at + _LONGEST_HEADING, block.end))
    tokens = tokens_of(text, at, colon) if colon > 0 else ()
    for match in phraselist("recommendations", "owner").find(tokens)[:1]:
        begin = _past_articles(tokens, match.last)
        end = _name_end(tokens, begin)
        if begin < end:
            draft.add("owner", tokens[begin].start, tokens[end - 1].end)
            title = colon + 1 + (text[colon + 1 : colon + 2] == " ")
            draft.add("title", title, _title_end(reading, title, block))


_MOST_BLOCKS = 60


def _title_end(reading: Reading, begin: int, block: Block) -> int:
    """The end of the line, or of its first sentence where it goes on to say who is to do it."""
    for sentence in _sentences_of(reading, block):
        inside = sentence.sentence
        owners = [m for m in _labels(sentence) if m.start > begin]
        if owners:
            end = owners[0].start
        elif inside.start > begin and _in_charge(sentence):
            end = inside.start
        else:
            continue
        return len(reading.article.text[:end].rstrip(" .;,(–—-[")) if end > begin else block.end
    return block.end


def _sentences_of(reading: Reading, block: Block) -> list[ReadSentence]:
    return [s for s in reading.sentences if block.start <= s.sentence.start < block.end]


def _tell_owner(draft: Draft, reading: Reading, blocks: Sequence[Block]) -> None:
    """Whoever stands after "Lead Agency:" and the like, or before "is responsible for it"."""
    for position, block in enumerate(blocks):
        for sentence in _sentences_of(reading, block):
            _tell_owner_in(draft, sentence)
            labels = _labels(sentence, whole=True)
            following = blocks[position + 1 : position + 2]
            if not draft.has("owner") and labels and labels[0].start == block.start and following:
                draft.add("owner", following[0].start, following[0].end)
            if draft.has("owner"):
                return


def _labels(sentence: ReadSentence, *, whole: bool = False) -> list[Match[str]]:
    """The words such as "Lead Agency" with a colon, a dash or "is" behind; `whole`: nothing."""
    tokens = sentence.sentence.tokens
    found = []
    for match in sentence.find(phraselist("recommendations", "owner")):
        if match.first and tokens[match.first - 1].folded not in _BEFORE_LABEL:
            continue
        at = match.last
        alone = whole and all(not t.text[0].isalnum() for t in tokens[at:])
        if alone or (at + 1 < len(tokens) and tokens[at].folded in _AFTER_LABEL):
            found.append(match)
    return found


def _tell_owner_in(draft: Draft, sentence: ReadSentence, *, after: int = 0) -> None:
    """The owner that the sentence names behind this place."""
    tokens = sentence.sentence.tokens
    for match in _labels(sentence):
        begin = match.last + 1
        while begin < len(tokens) and tokens[begin].folded in _AFTER_VERB:
            begin += 1
        end = begin
        while end < len(tokens) and tokens[end].text not in _ENDS_NAME:
            end += 1
        if match.start >= after and begin < end:
            draft.add("owner", tokens[begin].start, tokens[end - 1].end)
            return
    for match in _in_charge(sentence):
        if match.start >= after:
            begin, end = _name_beside(tokens, match)
            if begin < end and _is_authority(tokens[begin:end]):
                draft.add("owner", tokens[begin].start, tokens[end - 1].end)
            return


def _name_beside(tokens: Sequence[Token], match: Match[str]) -> tuple[int, int]:
    """The name behind "falls to", or that before "is responsible": from the clause's beginning."""
    if _by_whom().at(tokens, match.first):
        return match.last, _name_end(tokens, _past_articles(tokens, match.last))
    begin = end = match.first
    while begin and tokens[begin - 1].text not in _ENDS_CLAUSE and end - begin < 14:
        begin -= 1
    while begin < end and tokens[begin].folded in _JOINING:
        begin += 1
    while end > begin and tokens[end - 1].folded in _AUXILIARIES:
        end -= 1
    return begin, end


@cache
def _by_whom() -> Phrases[str]:
    return phraselist("recommendations", "by_whom")


def _in_charge(sentence: ReadSentence) -> tuple[Match[str], ...]:
    return sentence.find(phraselist("recommendations", "in_charge"))


def _tell_steps(draft: Draft, reading: Reading, blocks: Sequence[Block]) -> None:
    """The items of the lists that follow."""
    text = reading.article.text
    for block in blocks:
        bullet = _BULLET.match(text, block.start, block.end)
        if block.kind is BlockKind.LIST_ITEM or bullet is not None:
            draft.add("steps", bullet.end() if bullet else block.start, block.end)


def _listed(reading: Reading, cue: Cue) -> Iterable[AnnouncedEvent]:
    """The items of a list under "Recommendations", each with somebody who is to do it."""
    block = _block_of(reading, cue.match.start)
    if block.end - block.start > _LONGEST_HEADING:
        return
    text = reading.article.text
    following = [b for b in reading.article.blocks if b.start > block.start][:_MOST_BLOCKS]
    for position, item in enumerate(following):
        bullet = _BULLET.match(text, item.start, item.end)
        if item.kind is not BlockKind.LIST_ITEM and bullet is None:
            continue
        draft = Draft(reading, AnnouncementType.RECOMMENDATION)
        begin = bullet.end() if bullet else item.start
        sentences = _sentences_of(reading, item)
        if sentences and not _labels(sentences[-1]):
            _tell_modal(draft, sentences[0], begin)
        if not draft.has("title"):
            draft.add("title", begin, _title_end(reading, begin, item))
        _tell_owner(draft, reading, (item, *_until_item(text, following[position + 1 :])))
        if draft.has("owner"):
            yield draft.event(cue)


def _until_item(text: str, blocks: Sequence[Block]) -> list[Block]:
    """The lines before the next item: what they tell is of the item before."""
    found: list[Block] = []
    for block in blocks[:2]:
        if block.kind is BlockKind.LIST_ITEM or _BULLET.match(text, block.start, block.end):
            break
        found.append(block)
    return found


def _worded(reading: Reading, cue: Cue) -> Draft | None:
    """A recommendation in a sentence: whom it asks for what, or what, and who is in charge."""
    if cue.sentence.sentence.quoted:
        return None
    draft = Draft(reading, AnnouncementType.RECOMMENDATION)
    by_a_body = bool(cue.sentence.find(phraselist("recommendations", "bodies")))
    if cue.rule.code == _TOLD:
        if by_a_body:
            _tell_modal(draft, cue.sentence, cue.sentence.sentence.start)
        return draft if draft.has("owner") and draft.has("title") else None
    if by_a_body or cue.rule.code != _ASKED:
        _tell_asked(draft, cue)
    if not draft.has("owner") and cue.rule.code != _ASKED:
        _tell_title_then_owner(draft, reading, cue)
    return draft if draft.has("owner") and draft.has("title") else None


def _tell_asked(draft: Draft, cue: Cue) -> None:
    """Whom it asks, then for what: "that Northern Customs should review …"."""
    tokens = cue.tokens
    begin = cue.match.last
    while begin < len(tokens) and tokens[begin].folded in _LEADS:
        begin += 1
    begin = _past_articles(tokens, begin)
    end = _name_end(tokens, begin)
    if end == begin or not _is_authority(tokens[begin:end]):
        return
    rest = end
    while rest < len(tokens) and tokens[rest].folded in _MODALS | {":"}:
        rest += 1
    last = _title_last(cue.sentence, rest)
    if last - rest >= _LEAST_WORDS and tokens[rest].text[0].isalnum():
        draft.add("owner", tokens[begin].start, tokens[end - 1].end)
        draft.add("title", tokens[rest].start, tokens[last - 1].end)


def _tell_title_then_owner(draft: Draft, reading: Reading, cue: Cue) -> None:
    """What, then who: "recommended …; the Revenue Authority is responsible for it"."""
    sentence, tokens = cue.sentence, cue.tokens
    begin = cue.match.last
    for index in range(begin, min(begin + 7, len(tokens) - 1)):
        if tokens[index].folded in {":", "is", "est", "es"}:
            begin = index + 1
            break
    while begin < len(tokens) and tokens[begin].folded in _LEADS | _MODALS:
        begin += 1
    _tell_owner_in(draft, sentence, after=cue.match.end)
    last = _title_last(sentence, begin)
    for later in reading.sentences[cue.index + 1 : cue.index + 3]:
        if not draft.has("owner"):
            _tell_owner_in(draft, later)
    if last - begin >= _LEAST_WORDS and draft.has("owner"):
        draft.add("title", tokens[begin].start, tokens[last - 1].end)


def _tell_modal(draft: Draft, sentence: ReadSentence, start: int) -> None:
    """Somebody who should do something: "The Ministry should publish …, the report says"."""
    tokens = sentence.sentence.tokens
    for index, token in enumerate(tokens):
        if token.folded not in _SHOULD or index == 0:
            continue
        begin = index
        while begin and tokens[begin - 1].text not in _ENDS_CLAUSE and index - begin < 12:
            begin -= 1
        while begin < index and (tokens[begin].folded in _JOINING | _LEADS):
            begin += 1
        if begin == index or tokens[begin].start < start:
            continue
        name_end = _name_end(tokens, _past_articles(tokens, begin))
        last = _title_last(sentence, index + 1)
        if name_end == index and _is_authority(tokens[begin:index]) and last > index + 1:
            draft.add("owner", tokens[begin].start, tokens[index - 1].end)
            draft.add("title", tokens[index + 1].start, tokens[last - 1].end)
            return


def _title_last(sentence: ReadSentence, begin: int) -> int:
    """The index after what is to be done: before who is in charge, or who says so."""
    tokens = sentence.sentence.tokens
    last = len(tokens)
    charge = [m for m in (*_in_charge(sentence), *_labels(sentence)) if m.first > begin]
    said = sentence.find(phraselist("recommendations", "says_so"))
    limits = [m.first for m in charge] + [m.first for m in said if m.first > begin]
    if limits:
        last = min(limits)
        while last > begin and tokens[last - 1].text not in _ENDS_CLAUSE | {"("}:
            last -= 1
    while last > begin and not tokens[last - 1].text[0].isalnum():
        last -= 1
    return last


def _past_articles(tokens: Sequence[Token], at: int) -> int:
    while at < len(tokens) and tokens[at].folded in _ARTICLES:
        at += 1
    return at


def _is_authority(tokens: Sequence[Token]) -> bool:
    """Whether a name is that of an authority: it has such a noun, or a capital."""
    if any(token.folded in _OF_NAMES for token in tokens):
        return True
    return any(t.capitalised and t.folded not in _ARTICLES for t in tokens)


def _name_end(tokens: Sequence[Token], begin: int) -> int:
    """The index after the capitals that begin here, with the small words that join them."""
    end = begin
    for index in range(begin, min(len(tokens), begin + 14)):
        if tokens[index].capitalised or tokens[index].folded in _OF_NAMES:
            end = index + 1  # "Direction générale des douanes"
        elif tokens[index].folded not in _JOINS:
            break
    return end


_LONGEST_HEADING = 80
_ENDS_NAME = frozenset(".;,()[]|")
_ENDS_CLAUSE = frozenset(".;,:()–—")
_BEFORE_LABEL = frozenset(".;,:()[|–—-") | {"the", "le", "la", "l", "el"}
_AFTER_LABEL = frozenset(":–—-") | {"is", "est", "es", "lies", "rests", "sera", "will", "incombe"}
_JOINING = frozenset({"and", "et", "y", "which", "that", "while", "for", "it", "this", "para"})
_SHOULD = frozenset({"should", "must", "ought", "devrait", "doit", "devront", "deberia", "debe"})
_AFTER_VERB = frozenset({"with", "a", "to", "en", "sur", "au", "al"})
_AUXILIARIES = frozenset({"will", "shall", "would", "should", "has", "have", "en", "se"})
_ARTICLES = wordset("quantities", "articles")
_LEADS = wordset("recommendations", "leads")
_MODALS = wordset("recommendations", "modals")
_JOINS = wordset("recommendations", "joins")
_OF_NAMES = wordset("recommendations", "of_names")


@cache
def _cues() -> Cues:
    return Cues("recommendation")
