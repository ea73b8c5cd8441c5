# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from comity.accounts.administration import ChangedMeanwhileError
from comity.accounts.officer import OPERATOR
from comity.accounts.permissions import PermissionMissingError, Role
from comity.agreements import queries as agreements
from comity.agreements import services as register
from comity.agreements.records import ProposalKind, ProposalState, ReasonMissingError
from comity.newsfeed import models, queries, services
from comity.newsfeed.announcement import Announcement
from comity.newsfeed.card_telling import told
from comity.newsfeed.proposal import ChangeKind
from comity.newsfeed.records import (
    AlreadyPublicError,
    NotAcceptedError,
    NotForThePublicError,
    OvertakenError,
    SourceDraft,
    SourceDraftError,
    SourceExistsError,
    SourceState,
    TakenBackError,
    TakenIn,
    UnknownNewsRecordError,
)
from comity.newsfeed.services.proposing import NEWSFEED
from tests.support.exercise_news import MONDAY, TUESDAY, WEDNESDAY, announced, release
from tests.support.officers import journal_acts

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db,
    pytest.mark.usefixtures("exercises", "shipped_register"),
]

NORTH, SOUTH = "exercise-north", "exercise-south"
SIGNED = "EXERCISE cmaa signed FJ,US 2025-06-01"


def open_cards():
    return queries.cards(state=ProposalState.OPEN).rows


@pytest.fixture
def adviser(officer):
    return officer(Role.LEGAL_ADVISER)


@pytest.fixture
def signed(sources):
    """A card that proposes an agreement with Fiji, from the northern source."""
    services.take_in([release(SIGNED)], NORTH, MONDAY)
    (card,) = open_cards()
    return card


# Taking in


def test_an_announced_signature_waits_as_a_card_with_its_evidence(sources):
    taken = services.take_in([release("Some words.", SIGNED)], NORTH, MONDAY)

    assert taken == TakenIn(new=1, proposed=1)
    (card,) = open_cards()
    assert card.reference.startswith("NPR-")
    assert card.change.kind is ChangeKind.NEW_INSTRUMENT
    assert card.change.instrument == "us-fj-2025"
    span = card.event.span
    assert card.release.article.text[span.start : span.end] == span.text == SIGNED
    assert card.proposal.origin == "newsfeed"
    assert SIGNED in card.proposal.grounds
    assert queries.cards_waiting() == 1
    (event,) = card.release.events
    assert (event.outcome.code, event.card) == ("proposed", card.reference)


def test_reading_the_same_feed_twice_proposes_nothing_new(sources):
    feed = [release(SIGNED), release("VISIT Suva", guid="exercise-2")]
    services.take_in(feed, NORTH, MONDAY)

    again = services.take_in(feed, NORTH, TUESDAY)

    assert again == TakenIn(known=2)
    assert len(open_cards()) == 1
    assert len(queries.releases().rows) == 2


def test_what_the_register_knows_and_what_is_no_matter_of_it_stay_in_the_archive(sources):
    lines = ("EXERCISE mra signed BR,US 2022-09-16", "EXERCISE mra planned FJ,US", "VISIT Suva")

    services.take_in([release(*lines)], NORTH, MONDAY)

    (row,) = queries.releases().rows
    outcomes = [each.outcome.code for each in queries.release(row.reference).events]
    assert outcomes == ["already-known", "no-lifecycle-event", "no-register-matter"]
    assert not open_cards()


def test_the_same_fact_told_twice_in_a_release_is_one_card(sources):
    services.take_in([release(SIGNED, "Again.", SIGNED)], NORTH, MONDAY)

    (card,) = open_cards()
    assert {each.card for each in card.release.events} == {card.reference}
    assert card.also == ()


def test_the_same_fact_from_another_source_joins_the_open_card(signed):
    taken = services.take_in([release("Ours.", SIGNED, guid="south-1")], SOUTH, TUESDAY)

    assert taken == TakenIn(new=1, joined=1)
    (card,) = open_cards()
    (also,) = card.also
    assert (also.source, also.event.span.text) == (SOUTH, SIGNED)
    told = queries.release(also.release)
    assert told.events[0].outcome.said() == (
        f"Further evidence for {card.reference}, which already proposes it."
    )


def test_a_less_exact_day_from_another_source_joins_as_well(signed):
    line = "EXERCISE cmaa signed FJ,US 2025-06"

    taken = services.take_in([release(line, guid="south-1")], SOUTH, TUESDAY)

    assert (taken.joined, taken.proposed) == (1, 0)


def test_a_broken_release_is_noted_and_does_not_lose_the_others(sources, monkeypatch):
    def fails_once(article):
        if article.guid == "exercise-2":
            raise RuntimeError("this one cannot be read")
        return announced(article)

    monkeypatch.setattr("comity.newsfeed.services.taking.extract", fails_once)
    feed = [release(SIGNED, guid=f"exercise-{number}") for number in (1, 2, 3)]

    taken = services.take_in(feed, NORTH, MONDAY)

    assert (taken.new, taken.broken) == (2, ("exercise-2",))
    monkeypatch.setattr("comity.newsfeed.services.taking.extract", announced)
    assert services.take_in(feed, NORTH, TUESDAY).new == 1, "it is taken in once it can be read"


def test_what_the_register_cannot_take_is_said_and_proposed_once_it_can(sources, monkeypatch):
    def refused(*_, **__):
        raise ReasonMissingError(act="A proposal", reference="us-fj-2025")

    with monkeypatch.context() as now:
        now.setattr("comity.agreements.services.propose", refused)
        services.take_in([release(SIGNED)], NORTH, MONDAY)
    (row,) = queries.releases().rows
    (event,) = queries.release(row.reference).events
    assert event.outcome.code == "unfit"
    monkeypatch.setattr("comity.newsfeed.services.taking.rules_edition", lambda: "f" * 64)

    assert services.reread(TUESDAY).proposed == 1


def test_a_guid_of_any_length_and_a_null_character_are_kept(sources):
    feed = [release("Words.", guid="g" * 3000), release("Words.", guid="null\0character")]

    assert services.take_in(feed, NORTH, MONDAY).new == 2
    assert services.take_in(feed, NORTH, TUESDAY).known == 2


def test_two_files_of_one_source_are_two_releases(sources):
    for words in (b"Customs of the exercise signed.", b"Customs of the exercise met."):
        assert services.take_in_document(words, NORTH, MONDAY).new == 1

    first, second = queries.releases().rows
    assert {first.edition, second.edition} == {1}
    article = queries.release(first.reference).article
    assert article.source == "Northland press office", "the source itself says nothing else"


def test_a_page_is_known_again_by_its_address(sources):
    page = b"<html><body><main><h1>A signature</h1><p>%b</p></main></body></html>"
    address = "https://exercise.example/page"
    for words, became in ((b"Signed on Monday.", "new"), (b"Signed on Tuesday.", "edited")):
        taken = services.take_in_document(page % words, NORTH, MONDAY, address=address)
        assert getattr(taken, became) == 1


def test_releases_of_an_unknown_source_are_refused():
    with pytest.raises(UnknownNewsRecordError):
        services.take_in([release(SIGNED)], "nobody-there", MONDAY)


def test_what_was_received_cannot_be_changed_or_removed(signed):
    for table in (models.Release, models.Reading):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            table.objects.update(
                **{"title": "another"} if table is models.Release else {"types": []}
            )
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            models.Reading.objects.all().delete()


# Edited releases


def test_an_edited_release_becomes_an_edition_with_its_difference(signed):
    edited = release(SIGNED, "One more paragraph.")

    taken = services.take_in([edited], NORTH, TUESDAY)

    assert taken == TakenIn(edited=1)
    (row,) = queries.releases().rows
    assert row.edition == 2
    found = queries.release_difference(row.reference)
    assert [block.words[0].text for block in found.changed_blocks] == ["One more paragraph."]
    now = queries.release(row.reference)
    assert [each.edition for each in now.editions] == [1, 2]
    assert now.latest
    assert not queries.release(now.editions[0].reference).latest
    assert now.events[0].card == signed.reference, "nothing new is proposed for what was known"


def test_only_what_is_new_in_an_edited_release_is_proposed(signed):
    edited = release(SIGNED, "EXERCISE mra signed FJ,US 2025-06-01")

    taken = services.take_in([edited], NORTH, TUESDAY)

    assert (taken.edited, taken.proposed) == (1, 1)
    assert [card.change.instrument for card in open_cards()] == ["us-fj-mra-2025", "us-fj-2025"]


def test_an_open_card_says_that_the_edited_release_no_longer_announces_it(signed):
    services.take_in([release("We were mistaken.")], NORTH, TUESDAY)

    (card,) = open_cards()
    assert card.vanished_in == queries.releases().rows[0].reference

    services.take_in([release("It is signed after all.", SIGNED)], NORTH, WEDNESDAY)

    (card,) = open_cards()
    assert card.vanished_in == ""


def test_further_evidence_says_that_its_edited_release_no_longer_announces_it(signed):
    services.take_in([release(SIGNED, guid="south-1")], SOUTH, MONDAY)
    assert [each.vanished_in for each in queries.card(signed.reference).also] == [""]

    services.take_in([release("It was a mistake.", guid="south-1")], SOUTH, TUESDAY)

    (also,) = queries.card(signed.reference).also
    assert queries.release(also.vanished_in).article.text.endswith("It was a mistake.")
    assert queries.card(signed.reference).vanished_in == ""
    services.take_in([release(SIGNED, "Again.", guid="south-1")], SOUTH, WEDNESDAY)
    assert [each.vanished_in for each in queries.card(signed.reference).also] == [""]


def test_an_edition_that_goes_back_to_the_first_words_is_an_edition_again(signed):
    services.take_in([release("Other words.")], NORTH, TUESDAY)

    assert services.take_in([release(SIGNED)], NORTH, WEDNESDAY).edited == 1
    assert queries.releases().rows[0].edition == 3


# Other rules


def test_newer_rules_propose_only_what_they_newly_find(sources, monkeypatch):
    services.take_in([release("EXERCISE-2 mra signed FJ,US 2025-06-01", SIGNED)], NORTH, MONDAY)
    assert services.reread(TUESDAY) == TakenIn(), "the same rules have read everything"

    def newer(article):
        found = announced(replace(article, text=article.text.replace("EXERCISE-2", "EXERCISE  ")))
        return replace(found, article=article)

    monkeypatch.setattr("comity.newsfeed.services.taking.rules_edition", lambda: "e" * 64)
    monkeypatch.setattr("comity.newsfeed.services.taking.extract", newer)

    taken = services.reread(TUESDAY)

    assert taken.proposed == 0, "a double space is no line of the exercise"
    assert queries.release(queries.releases().rows[0].reference).rules_edition == "e" * 64

    def newest(article):
        found = announced(replace(article, text=article.text.replace("EXERCISE-2", "EXERCISE")))
        return replace(found, article=article)

    monkeypatch.setattr("comity.newsfeed.services.taking.rules_edition", lambda: "d" * 64)
    monkeypatch.setattr("comity.newsfeed.services.taking.extract", newest)

    assert services.reread(WEDNESDAY).proposed == 1
    assert len(open_cards()) == 2
    assert services.reread(WEDNESDAY) == TakenIn()


def test_a_card_that_newer_rules_do_not_find_says_so(signed, monkeypatch):
    monkeypatch.setattr("comity.newsfeed.services.taking.rules_edition", lambda: "e" * 64)
    monkeypatch.setattr(
        "comity.newsfeed.services.taking.extract", lambda article: Announcement(article, ())
    )

    services.reread(TUESDAY)

    assert queries.card(signed.reference).vanished_in == signed.release.reference
    assert "by newer rules" in told(queries.card(signed.reference))


# Deciding


def test_an_accepted_card_changes_the_register_its_history_and_our_feed(signed, officer):
    custodian = officer(Role.TREATY_CUSTODIAN)

    card = services.accept(signed.reference, public=True, version=1, by=custodian, at=TUESDAY)

    assert card.state is ProposalState.ACCEPTED
    added = agreements.register().instrument("us-fj-2025")
    assert added.recorded_on == date(2026, 3, 3)
    assert card.public is not None
    assert queries.public_changes().rows == (card.public,)
    assert ("change-proposed", card.proposal.reference, "NEWSFEED") in journal_acts()
    assert [act for act, *_ in journal_acts()][-2:] == ["change-accepted", "change-published"]


def test_an_accepted_event_that_is_told_again_is_known(signed, adviser):
    services.accept(signed.reference, version=None, by=adviser, at=TUESDAY)

    services.take_in([release(SIGNED, guid="south-1")], SOUTH, WEDNESDAY)

    assert not open_cards()
    (row, *_) = queries.releases().rows
    assert queries.release(row.reference).events[0].outcome.code == "already-known"


def test_a_rejection_needs_a_reason_and_keeps_it(signed, adviser):
    with pytest.raises(ReasonMissingError):
        services.reject(signed.reference, reason=" ", version=None, by=adviser, at=TUESDAY)

    card = services.reject(
        signed.reference, reason="A rehearsal.", version=None, by=adviser, at=TUESDAY
    )

    assert (card.state, card.proposal.reason) == (ProposalState.REJECTED, "A rehearsal.")
    assert journal_acts()[-1][:2] == ("change-rejected", card.proposal.reference)


def test_a_rejected_change_is_proposed_anew_only_by_another_source(signed, adviser):
    services.reject(signed.reference, reason="A rehearsal.", version=None, by=adviser, at=TUESDAY)

    own = services.take_in([release("Again:", SIGNED, guid="exercise-2")], NORTH, TUESDAY)
    other = services.take_in([release(SIGNED, guid="south-1")], SOUTH, WEDNESDAY)

    assert (own.proposed, other.proposed) == (0, 1)
    (card,) = open_cards()
    assert card.reference != signed.reference
    (earlier,) = card.earlier
    assert (earlier.card, earlier.source, earlier.reason) == (
        signed.reference, NORTH, "A rehearsal.",
    )  # fmt: skip


def test_two_sources_with_different_months_end_as_two_claims_side_by_side(signed, adviser):
    line = "EXERCISE cmaa signed FJ,US 2025-07"
    services.take_in([release(line, guid="south-1")], SOUTH, TUESDAY)
    second, first = open_cards()
    assert second.beside == (first.reference,)

    services.accept(first.reference, version=None, by=adviser, at=WEDNESDAY)

    (card,) = open_cards()
    assert card.change.kind is ChangeKind.CONFLICT, "held against the register as it is now"
    assert (card.change.ours.date, card.change.against[0].date) == ("2025-07", "2025-06-01")
    assert queries.card(second.reference).state is ProposalState.WITHDRAWN
    told = queries.release(card.release.reference)
    assert told.events[0].card == card.reference, "the release leads to the card that is open"

    services.accept(card.reference, version=None, by=adviser, at=WEDNESDAY)

    claims = agreements.register().instrument("us-fj-2025").claims
    assert [c.on for c in claims] == [date(2025, 6, 1), date(2025, 7, 1)]


def test_signature_and_force_of_an_unknown_instrument_become_instrument_and_claim(sources, adviser):
    lines = (SIGNED, "EXERCISE cmaa in-force FJ,US 2025-09-01")
    services.take_in([release(*lines)], NORTH, MONDAY)
    force, signature = open_cards()

    services.accept(signature.reference, version=None, by=adviser, at=TUESDAY)

    (claim,) = open_cards()
    assert (claim.change.kind, claim.change.instrument) == (ChangeKind.NEW_CLAIM, "us-fj-2025")
    assert claim.event.identity == force.event.identity


def test_a_card_that_was_overtaken_by_another_way_is_held_anew(sources, adviser):
    services.take_in([release("EXERCISE cmaa signed FJ,US 2025-06")], NORTH, MONDAY)
    (card,) = open_cards()
    content = {**card.change.content, "claims": [{
        "event": "signed", "date": "2025-07-01", "source": "s1", "confidence": "high",
    }]}  # fmt: skip
    made = register.propose(
        ProposalKind.INSTRUMENT, "us-fj-2025", content, grounds="The gazette.",
        by=NEWSFEED, at=MONDAY,
    )  # fmt: skip
    register.accept_proposal(made.reference, version=None, by=adviser, at=TUESDAY)

    with pytest.raises(OvertakenError):
        services.accept(card.reference, version=None, by=adviser, at=WEDNESDAY)

    assert queries.card(card.reference).state is ProposalState.WITHDRAWN
    (anew,) = open_cards()
    assert (anew.change.kind, anew.change.ours.date) == (ChangeKind.CONFLICT, "2025-06")


def test_a_claim_that_the_register_has_learned_by_another_way_is_not_added_twice(
    sources, officer, adviser
):
    services.take_in([release("EXERCISE mra signed IN,US 2021-10")], NORTH, MONDAY)
    services.take_in([release("EXERCISE mra signed IN,US 2021-10", guid="s")], SOUTH, MONDAY)
    (card,) = open_cards()
    custodian = officer(Role.TREATY_CUSTODIAN)
    made = register.propose(
        ProposalKind.CLAIM, "us-in-mra-2021", card.change.content, grounds="The gazette.",
        by=custodian, at=MONDAY,
    )  # fmt: skip
    register.accept_proposal(made.reference, version=None, by=adviser, at=TUESDAY)
    before = agreements.register().instrument("us-in-mra-2021").claims

    with pytest.raises(ChangedMeanwhileError):
        services.accept(card.reference, version=7, by=adviser, at=WEDNESDAY)
    assert queries.card(card.reference).state is ProposalState.OPEN, "who looks away is told first"
    with pytest.raises(OvertakenError):
        services.accept(card.reference, version=None, by=adviser, at=WEDNESDAY)

    assert queries.card(card.reference).state is ProposalState.WITHDRAWN
    assert agreements.register().instrument("us-in-mra-2021").claims == before
    assert not open_cards()


def test_why_a_card_was_withdrawn_is_said_in_the_language_of_the_officer(sources, adviser):
    from comity.catalogues import translate
    from comity.newsfeed.services.deciding import OVERTAKEN

    lines = ("EXERCISE cmaa signed FJ,US 2025-06-01", "EXERCISE cmaa in-force FJ,US 2025-09-01")
    services.take_in([release(*lines)], NORTH, MONDAY)
    force, first = open_cards()
    reader = replace(adviser, language="fr")

    services.accept(first.reference, version=None, by=reader, at=TUESDAY)

    said = translate(OVERTAKEN, "fr").format(by=first.reference)
    assert queries.card(force.reference).proposal.reason == said


def test_a_day_that_its_release_took_back_makes_no_conflict_with_the_day_accepted(signed, adviser):
    services.take_in([release("EXERCISE cmaa signed FJ,US 2025-06-03")], NORTH, TUESDAY)
    corrected = next(card for card in open_cards() if card.vanished_in == "")

    services.accept(corrected.reference, version=None, by=adviser, at=WEDNESDAY)

    assert open_cards() == ()
    assert queries.card(signed.reference).proposal.state is ProposalState.WITHDRAWN


def test_a_card_that_is_made_anew_takes_its_further_evidence_along(sources, adviser):
    services.take_in([release("EXERCISE cmaa signed FJ,US 2025-06-01")], NORTH, MONDAY)
    later = "EXERCISE cmaa signed FJ,US 2025-06-05"
    services.take_in([release(later, guid="n2")], NORTH, MONDAY)
    services.take_in([release(later, guid="s1")], SOUTH, MONDAY)
    first = open_cards()[-1]

    services.accept(first.reference, version=None, by=adviser, at=TUESDAY)

    (anew,) = open_cards()
    assert anew.change.kind is ChangeKind.CONFLICT
    assert [each.source for each in anew.also] == [SOUTH]


def test_who_may_not_decide_is_refused_and_nothing_changes(signed, officer):
    clerk = officer(Role.CASE_OFFICER)
    for refused in (
        lambda: services.accept(signed.reference, version=None, by=clerk, at=TUESDAY),
        lambda: services.reject(signed.reference, reason="no", version=None, by=clerk, at=TUESDAY),
    ):
        with pytest.raises(PermissionMissingError):
            refused()

    assert queries.card(signed.reference).state is ProposalState.OPEN


def test_two_people_who_decide_at_once_do_not_overrule_each_other(signed, adviser):
    with pytest.raises(ChangedMeanwhileError) as refused:
        services.accept(signed.reference, version=7, by=adviser, at=TUESDAY)
    assert refused.value.fields["reference"] == signed.reference, "the card that was named"


# Publishing


def test_any_accepted_change_can_be_published_and_taken_back(officer, adviser):
    source = {"title": "Gazette of the exercise", "url": "https://gazette.example"}
    content = {"event": "in-force", "date": "2026-01-05", "source": source}
    made = register.propose(
        ProposalKind.CLAIM, "us-cv-2023", content, grounds="Read.",
        by=officer(Role.CASE_OFFICER), at=MONDAY,
    )  # fmt: skip
    with pytest.raises(NotAcceptedError):
        services.publish_change(made.reference, by=adviser, at=MONDAY)
    register.accept_proposal(made.reference, version=None, by=adviser, at=TUESDAY)
    assert [each.reference for each in queries.publishable().rows] == [made.reference]

    public = services.publish_change(made.reference, by=adviser, at=TUESDAY)

    assert public.summary.said() == (
        "A claim was added to us-cv-2023: “in force”, 2026-01-05. It confirms nothing."
    )
    assert public.sources == (("Gazette of the exercise", "https://gazette.example"),)
    assert queries.publishable().rows == ()
    with pytest.raises(AlreadyPublicError):
        services.publish_change(made.reference, by=adviser, at=TUESDAY)

    with pytest.raises(ReasonMissingError):
        services.unpublish_change(
            public.reference, reason="", version=None, by=adviser, at=WEDNESDAY
        )
    back = services.unpublish_change(
        public.reference, reason="Too early.", version=1, by=adviser, at=WEDNESDAY
    )

    assert back.taken_back_at == WEDNESDAY
    assert queries.public_changes().rows == ()
    assert queries.public_changes(taken_back=True).rows == (back,)
    assert journal_acts()[-1][:2] == ("change-taken-back", public.reference)
    with pytest.raises(TakenBackError):
        services.unpublish_change(
            public.reference, reason="Again.", version=None, by=adviser, at=WEDNESDAY
        )
    assert services.publish_change(made.reference, by=adviser, at=WEDNESDAY).reference != (
        public.reference
    )


def test_contact_points_are_never_published(officer, adviser):
    content = {"code": "US/CBP", "contact_point": "desk", "source": {"title": "Note"}}
    made = register.propose(
        ProposalKind.CONTACT_POINT, "us-cv-2023", content, grounds="Read.",
        by=officer(Role.CASE_OFFICER), at=MONDAY,
    )  # fmt: skip
    register.accept_proposal(made.reference, version=None, by=adviser, at=TUESDAY)

    with pytest.raises(NotForThePublicError):
        services.publish_change(made.reference, by=adviser, at=TUESDAY)


def test_publishing_is_for_those_who_may(signed, officer):
    with pytest.raises(PermissionMissingError):
        services.publish_change("PRP-00001", by=officer(Role.REGISTRAR), at=TUESDAY)


# Sources


DRAFT = SourceDraft("exercise-east", "Eastland press office", "https://east.example/feed")


def test_sources_are_added_changed_paused_and_resumed_by_those_who_may(officer):
    registrar = officer(Role.REGISTRAR)

    added = services.add_source(DRAFT, by=registrar, at=MONDAY)
    changed = services.change_source(
        DRAFT.code, replace(DRAFT, every_minutes=120), version=added.version, by=registrar,
        at=MONDAY,
    )  # fmt: skip
    paused = services.pause_source(DRAFT.code, version=changed.version, by=registrar, at=MONDAY)
    resumed = services.resume_source(DRAFT.code, version=None, by=registrar, at=MONDAY)

    assert added.health.state is SourceState.NEVER_READ
    assert changed.every_minutes == 120
    assert paused.health.state is SourceState.PAUSED
    assert resumed.active
    assert [act for act, *_ in journal_acts()][-4:] == [
        "news-source-added", "news-source-changed", "news-source-paused", "news-source-resumed",
    ]  # fmt: skip
    with pytest.raises(ChangedMeanwhileError):
        services.pause_source(DRAFT.code, version=1, by=registrar, at=MONDAY)
    with pytest.raises(SourceExistsError):
        services.add_source(DRAFT, by=registrar, at=MONDAY)
    with pytest.raises(PermissionMissingError):
        services.add_source(DRAFT, by=officer(Role.AUDITOR), at=MONDAY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "customs"},
        {"code": "Exercise-East"},
        {"title": " "},
        {"url": "ftp://east.example"},
        {"url": "https://user:word@east.example"},
        {"url": "https://[east"},
        {"administration": "QQ"},
        {"language": "English"},
        {"every_minutes": 1},
    ],
)
def test_a_source_that_cannot_be_is_refused(wrong):
    with pytest.raises(SourceDraftError) as refusal:
        services.add_source(replace(DRAFT, **wrong), by=OPERATOR, at=MONDAY)

    assert refusal.value.fields["part"] == next(iter(wrong))


def test_shipped_sources_are_there_and_asleep_until_somebody_switches_them_on():
    shipped = [source for source in queries.sources() if source.shipped]
    assert shipped
    assert not any(source.active for source in shipped)
    code = shipped[0].code

    resumed = services.resume_source(code, version=1, by=OPERATOR, at=MONDAY)

    assert (resumed.active, resumed.shipped) == (True, True)
    assert services.adopt_shipped_sources(at=MONDAY) == len(shipped) - 1
    assert services.adopt_shipped_sources(at=MONDAY) == 0
    assert len(queries.sources()) == len(shipped)
