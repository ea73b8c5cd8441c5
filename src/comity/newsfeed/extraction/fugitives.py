# SPDX-License-Identifier: Apache-2.0
"""Persons wanted in one country, found in another and brought back (NWS-5…).

Somebody must be wanted, and a border must have been crossed: a country to which the person was
returned that is not the one where the arrest was. The person's name is never a fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType
from comity.newsfeed.extraction.drafts import HEADLINES, Cue, Cues, Draft, best_date, body_first
from comity.newsfeed.extraction.parties import PartyMention
from comity.newsfeed.extraction.phrases import Token
from comity.newsfeed.extraction.places import places_in
from comity.newsfeed.extraction.quantities import NounPhrase, noun_phrase
from comity.newsfeed.extraction.reading import Reading, ReadSentence
from comity.newsfeed.extraction.wordlists import phraselist, wordset

_JUSTICE = "NWS-510"


def announced_fugitives(reading: Reading) -> Iterable[AnnouncedEvent]:
    """The return that the release announces: one person's or one group's, told in all sentences."""
    cues = _cues().found(reading)
    if not cues or not any(_has(sentence, "wanted") for sentence in reading.sentences):
        return
    cues = tuple(body_first(cues))
    for cue in cues:
        near = _near(reading, cue)
        if any(_has(sentence, "wanted") for sentence in near):
            draft = _told(reading, cue, cues, near)
            if draft is not None:
                yield draft.event(cue)
                return


def _near(reading: Reading, cue: Cue) -> list[ReadSentence]:
    """The cue's sentence, those right before and after, and the headlines: what tells of it."""
    sentences = reading.sentences
    around = [sentences[cue.index], *reversed(sentences[max(0, cue.index - 4) : cue.index])]
    around += sentences[cue.index + 1 : cue.index + 4]
    headlines = [s for s in sentences if s.sentence.block in HEADLINES]
    return [s for s in around if s.sentence.block not in HEADLINES] + headlines


def _told(
    reading: Reading, cue: Cue, cues: Sequence[Cue], near: Sequence[ReadSentence]
) -> Draft | None:
    draft = Draft(reading, AnnouncementType.FUGITIVE_RETURN)
    told_in = {id(sentence) for sentence in near}
    returns = [c for c in (cue, *cues) if id(c.sentence) in told_in]
    _tell_whither(draft, returns)
    if not draft.has("returned_to"):
        _tell_fled(draft, near)
        _tell_request(draft, near)
        _tell_home(draft, returns)
    _tell_whence(draft, returns, near)
    if not _crosses(draft, near):
        return None
    _tell_rest(draft, reading, cue, near)
    found = draft.has("located_in") and any(_has(s, "located") for s in near)
    return draft if found or draft.has("offence") else None


def _tell_whither(draft: Draft, returns: Sequence[Cue]) -> None:
    """The country after "to" and a word of return."""
    for cue in returns:
        begin = 0 if cue.rule.code == _JUSTICE else cue.match.first + 1
        whither = _after(cue.sentence, begin, "to")
        if whither is not None:
            draft.add("returned_to", whither.start, whither.end, whither.code)
    for cue in returns:
        for match in cue.sentence.find(phraselist("fugitives", "arrived")):
            whither = _after(cue.sentence, match.last, "to")
            if whither is not None and whither.first - match.last < 4:
                draft.add("returned_to", whither.start, whither.end, whither.code)


def _tell_whence(draft: Draft, returns: Sequence[Cue], near: Sequence[ReadSentence]) -> None:
    """The country of the arrest: after "in", else after "from", else the one that acts."""
    back = draft.values("returned_to")
    for sentence in near:
        found = _found_in(sentence, back)
        if found is not None:
            draft.add("located_in", found.start, found.end, found.code)
    for cue in returns:
        begin = 0 if cue.rule.code == _JUSTICE else cue.match.first
        whence = _after(cue.sentence, begin, "from")
        if whence is not None and (whence.code,) != back:
            draft.add("located_in", whence.start, whence.end, whence.code)
    for cue in returns:
        _tell_sender(draft, cue)
    for sentence in near:
        _tell_captor(draft, sentence)


def _tell_fled(draft: Draft, near: Sequence[ReadSentence]) -> None:
    """Where nothing says whither: back to the country that the person had fled."""
    for sentence in near:
        for match in sentence.find(phraselist("fugitives", "fled")):
            for mention in sentence.parties:
                if 0 <= mention.first - match.last <= 2:
                    draft.add("returned_to", mention.start, mention.end, mention.code)


def _tell_request(draft: Draft, near: Sequence[ReadSentence]) -> None:
    """Else to the country at whose request the arrest was made."""
    for sentence in near:
        for match in sentence.find(phraselist("fugitives", "on_request")):
            for mention in sentence.parties:
                if 0 <= mention.first - match.last <= 3:
                    draft.add("returned_to", mention.start, mention.end, mention.code)


def _tell_home(draft: Draft, returns: Sequence[Cue]) -> None:
    """Else home: to the country of the person's nationality, "a Dutch fugitive"."""
    nouns = wordset("fugitives", "nationality_before")
    for cue in returns:
        if not cue.sentence.find(phraselist("fugitives", "home")):
            continue
        for mention in cue.sentence.parties:
            beside = cue.tokens[mention.last : mention.last + 1]
            if mention.named_by == "adjective" and beside and beside[0].folded in nouns:
                draft.add("returned_to", mention.start, mention.end, mention.code)


def _tell_sender(draft: Draft, cue: Cue) -> None:
    """The country that sends somebody back is where he or she was: "Panama deported …"."""
    tokens, at = cue.tokens, cue.match.first
    if at and tokens[at - 1].folded in _PASSIVE:
        for mention in cue.sentence.parties:
            beside = tokens[max(at, mention.first - 3) : mention.first]
            by = any(token.folded in {"by", "par", "por"} for token in beside)
            if by and (mention.code,) != draft.values("returned_to"):
                draft.add("located_in", mention.start, mention.end, mention.code)
        return
    for mention in cue.sentence.parties:
        if mention.first > 4 or mention.last > at:
            return
        if (mention.code,) != draft.values("returned_to"):
            draft.add("located_in", mention.start, mention.end, mention.code)
        return


def _tell_captor(draft: Draft, sentence: ReadSentence) -> None:
    """The country whose service caught somebody: "Interpol Panamá capturó …"."""
    back = draft.values("returned_to")
    for match in sentence.find(phraselist("fugitives", "caught")):
        for mention in sentence.parties:
            acts = mention.first <= 4 and mention.last <= match.first <= mention.last + 3
            if acts and (mention.code,) != back:
                draft.add("located_in", mention.start, mention.end, mention.code)


def _crosses(draft: Draft, near: Sequence[ReadSentence]) -> bool:
    """Whether a border was crossed: returned to a country, and that not where the arrest was."""
    back, found = draft.values("returned_to"), draft.values("located_in")
    if back and found:
        return back != found
    return bool(back) and any(_has(s, "located") for s in near)


def _after(sentence: ReadSentence, at: int, which: str) -> PartyMention | None:
    """The first country after the words at `at` that "to", or "from", leads to."""
    tokens = sentence.sentence.tokens
    words = _TO if which == "to" else _FROM
    for mention in sentence.parties:
        if mention.first >= at and _led(tokens, mention.first, words, at):
            return mention
    return None


def _town_before(tokens: Sequence[Token], at: int) -> int:
    """The index of the town before "Lima, Peru"; the same index where there is none."""
    if at >= 2 and tokens[at - 1].text == "," and tokens[at - 2].capitalised:
        at -= 2
        while at and tokens[at - 1].capitalised:
            at -= 1
    return at


def _led(tokens: Sequence[Token], at: int, words: frozenset[str], lowest: int) -> bool:
    position = _town_before(tokens, at) - 1
    while position >= max(lowest, at - 12):
        token = tokens[position]
        if token.folded in words and not _is_article(tokens, position):
            return True
        if token.folded in _STOPS - words or not token.text[0].isalnum():
            return False
        position -= 1
    return False


def _is_article(tokens: Sequence[Token], at: int) -> bool:
    """The English "a" before a small letter is no preposition, nor is "to" before a verb's end."""
    if tokens[at].text != "a" or at + 1 == len(tokens):
        return False
    return not (tokens[at + 1].capitalised or tokens[at + 1].folded in _AFTER_SPANISH_A)


def _found_in(sentence: ReadSentence, back: tuple[str, ...]) -> PartyMention | None:
    """The country in which the person was found: after "in", in a sentence that tells of it."""
    tokens = sentence.sentence.tokens
    located = sentence.find(phraselist("fugitives", "located"))
    for match in located:
        for mention in sentence.parties:
            if (mention.code,) == back or mention.named_by == "authority":
                continue
            words = _IN | _TO if match.value in {"tracked", "traced"} else _IN
            if abs(mention.first - match.last) <= 14 and _led(tokens, mention.first, words, 0):
                return mention
    return None


def _tell_rest(draft: Draft, reading: Reading, cue: Cue, near: Sequence[ReadSentence]) -> None:
    for sentence in near:
        _tell_offence(draft, sentence)
    for sentence in near:
        _tell_wanted_by(draft, sentence)
        _tell_nationality(draft, sentence)
    later = [day for day in cue.sentence.dates if day.start > cue.match.start and day.past]
    draft.add_date("date", later[0] if later else best_date(cue.sentence))
    for sentence in near:
        draft.add_date("date", best_date(sentence))
    for sentence in near:
        if _has(sentence, "located"):
            for place in places_in(sentence):
                if not place.country:
                    draft.add("place", place.start, place.end)


def _tell_offence(draft: Draft, sentence: ReadSentence) -> None:
    tokens = sentence.sentence.tokens
    for match in sentence.find(phraselist("fugitives", "offence_after")):
        at = match.last
        while at < len(tokens) and (tokens[at].folded in _COUNTS or tokens[at].text[0].isdigit()):
            at += 1
        phrase = noun_phrase(tokens, at) if at < len(tokens) else None
        if phrase is None or tokens[phrase.first].capitalised:
            continue
        if tokens[phrase.first].folded in wordset("fugitives", "no_offence"):
            continue  # "requerida por la justicia de …": the offence stands farther behind
        end = _offence_end(tokens, phrase)
        if end > phrase.first:
            draft.add("offence", phrase.start, tokens[end - 1].end)
    for match in sentence.find(phraselist("fugitives", "wanted")):
        _tell_offence_after_whom(draft, tokens, match.last)
    _tell_offence_before(draft, tokens)


def _offence_end(tokens: Sequence[Token], phrase: NounPhrase) -> int:
    """Without "charges" behind, or somebody named next; with "à main armée", "a mano armada"."""
    end = phrase.last
    for index in range(phrase.first + 1, phrase.last):
        if tokens[index].folded in {"el", "le", "the", "un", "une", "una"}:
            end = index
            break
    while end > phrase.first and tokens[end - 1].folded in {"charges", "charge", "warrant"}:
        end -= 1
    armed = [token.folded for token in tokens[end : end + 3]]
    return end + 3 if armed in _ARMED else end


def _tell_offence_before(draft: Draft, tokens: Sequence[Token]) -> None:
    """The offence before the word for who is wanted: "murder suspect", "fraud charges"."""
    offences = wordset("fugitives", "offences")
    for index, token in enumerate(tokens[1:], start=1):
        if token.folded in wordset("fugitives", "offence_before"):
            begin = index
            while begin and tokens[begin - 1].folded in offences | _DEGREES:
                begin -= 1
            if begin < index and not tokens[begin].folded.isdigit():
                draft.add("offence", tokens[begin].start, tokens[index - 1].end)


def _tell_offence_after_whom(draft: Draft, tokens: Sequence[Token], at: int) -> None:
    """The offence after whoever wants the person: "wanted by Elk County for murder"."""
    for index in range(at, min(at + 12, len(tokens) - 1)):
        if tokens[index].text in {".", ",", ";"} and tokens[at].text != ",":
            return
        if tokens[index].folded in {"for", "pour", "por"}:
            phrase = noun_phrase(tokens, index + 1)
            if phrase is None or tokens[phrase.first].capitalised:
                continue
            if tokens[phrase.first].folded not in wordset("fugitives", "no_offence"):
                end = _offence_end(tokens, phrase)
                draft.add("offence", phrase.start, tokens[end - 1].end)
                return


def _tell_wanted_by(draft: Draft, sentence: ReadSentence) -> None:
    tokens = sentence.sentence.tokens
    for match in sentence.find(phraselist("fugitives", "wanted")):
        at = match.last
        if at + 1 < len(tokens) and tokens[at].folded in {"by", "par", "por"}:
            begin = at + 1
            while begin < len(tokens) - 1 and tokens[begin].folded in wordset(
                "quantities", "articles"
            ):
                begin += 1
            end = begin
            while end < len(tokens) and (tokens[end].capitalised or tokens[end].folded in _INSIDE):
                end += 1
            while end > begin and tokens[end - 1].folded in _INSIDE:
                end -= 1
            if end > begin:
                draft.add("wanted_by", tokens[begin].start, tokens[end - 1].end)


def _tell_nationality(draft: Draft, sentence: ReadSentence) -> None:
    tokens = sentence.sentence.tokens
    nouns = wordset("fugitives", "nationality_before")
    for mention in sentence.parties:
        if mention.named_by == "authority":
            continue
        at = mention.first
        if at > 1 and tokens[at - 1].folded in _OF and tokens[at - 2].folded in nouns:
            draft.add("nationality", mention.start, mention.end, mention.code)
        after = tokens[mention.last : mention.last + 1]
        beside = (*tokens[max(0, mention.first - 2) : mention.first], *after)
        if mention.named_by != "adjective":
            beside = after
        if any(token.folded in nouns for token in beside):
            draft.add("nationality", mention.start, mention.end, mention.code)


def _has(sentence: ReadSentence, what: str) -> bool:
    return bool(sentence.find(phraselist("fugitives", what)))


_AFTER_SPANISH_A = frozenset({"la", "las", "los", "autoridades", "su"})
_PASSIVE = frozenset({"was", "were", "been", "be", "ete", "est", "fue", "fueron", "sido"})
_OF = frozenset({"of", "de", "d", "du", "del"})
_TO = frozenset({"to", "en", "a", "au", "aux", "al", "vers", "into", "hacia"})
_FROM = frozenset({"from", "de", "d", "depuis", "desde", "du"})
_IN = frozenset({"in", "en", "au", "aux", "a"})
_STOPS = wordset("fugitives", "stops")
_COUNTS = wordset("fugitives", "counts")
_ARMED = (["a", "main", "armee"], ["a", "mano", "armada"])
_DEGREES = wordset("fugitives", "degrees")
_INSIDE = frozenset({"of", "de", "du", "des", "del", "la", "the", "s", "and", "for"})


@cache
def _cues() -> Cues:
    return Cues("fugitive-return")
