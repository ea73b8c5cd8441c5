# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re

import pytest
from django.urls import reverse

from comity.accounts.permissions import PERMISSIONS, Permission, Role
from comity.agreements import queries, services
from comity.agreements.lifecycle import Act
from comity.agreements.queries.choices import OFFENCE_FAMILIES
from comity.agreements.records import ProposalKind
from comity.agreements.verdict import Verdict
from comity.reference.taxonomy import FormOfAssistance, Offence
from tests.support.node_register import (
    AGREEMENT,
    MONDAY,
    TUESDAY,
    confirmation_draft,
    question,
    ruling_draft,
)

pytestmark = [pytest.mark.db, pytest.mark.django_db]

CUSTODIAN, ADVISER = Role.TREATY_CUSTODIAN, Role.LEGAL_ADVISER
CLAIM = {"event": "in-force", "date": "2021-03-15", "source": {"title": "Gazette"}}


@pytest.fixture
def kept(officer, small_register):
    """One record of each kind, as the pages show them."""
    drafted = services.draft_confirmation(confirmation_draft(), by=officer(CUSTODIAN), at=MONDAY)
    ruled = services.draft_ruling(ruling_draft(), by=officer(Role.UNIT_HEAD), at=MONDAY)
    proposed = services.propose(
        ProposalKind.CLAIM, AGREEMENT, CLAIM, grounds="Read.", by=officer(Role.REGISTRAR),
        at=MONDAY,
    )  # fmt: skip
    assessed = services.assess(question(), by=officer(Role.CASE_OFFICER), at=MONDAY)
    return {
        "confirmation": drafted.reference,
        "ruling": ruled.reference,
        "proposal": proposed.reference,
        "assessment": assessed.record.reference,
    }


PLAIN_PAGES = {
    "register": Permission.VIEW_REGISTER,
    "register-csv": Permission.EXPORT_REGISTER,
    "register-json": Permission.EXPORT_REGISTER,
    "register-yaml": Permission.EXPORT_REGISTER,
    "models": Permission.VIEW_REGISTER,
    "compare": Permission.VIEW_REGISTER,
    "coverage": Permission.VIEW_REGISTER,
    "coverage-csv": Permission.VIEW_REGISTER,
    "coverage-json": Permission.VIEW_REGISTER,
    "assess": Permission.ASSESS,
    "assess-why": Permission.ASSESS,
    "assessments": Permission.ASSESS,
    "confirmations": Permission.VIEW_REGISTER,
    "work-through": Permission.CONFIRM_FORCE,
    "to-review": Permission.VIEW_REGISTER,
    "to-countersign": Permission.VIEW_REGISTER,
    "confirm-force": Permission.CONFIRM_FORCE,
    "confirm-provision": Permission.CONFIRM_FORCE,
    "rulings": Permission.VIEW_REGISTER,
    "rule": Permission.RULE,
    "attestations": Permission.VIEW_REGISTER,
    "attest": Permission.ATTEST,
    "proposals": Permission.VIEW_REGISTER,
}
RECORD_PAGES = {
    "confirmation": Permission.VIEW_REGISTER,
    "ruling": Permission.VIEW_REGISTER,
    "proposal": Permission.VIEW_REGISTER,
    "assessment": Permission.ASSESS,
}


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_the_pages_of_its_permissions_and_no_others(role, browser_of, kept):
    browser = browser_of(role)
    pages = [(reverse(f"agreements:{name}"), needed) for name, needed in PLAIN_PAGES.items()]
    pages += [
        (reverse(f"agreements:{name}", args=[kept[name]]), needed)
        for name, needed in RECORD_PAGES.items()
    ]
    pages += [
        (reverse("agreements:propose", args=[kind]), Permission.PROPOSE_REGISTER_CHANGE)
        for kind in ProposalKind
    ]

    answers = {url: browser.get(url).status_code for url, _ in pages}

    expected = {url: 200 if role in PERMISSIONS[needed] else 403 for url, needed in pages}
    assert answers == expected


def test_nobody_signed_in_is_sent_to_sign_in(client, kept):
    for name in PLAIN_PAGES:
        assert client.get(reverse(f"agreements:{name}")).status_code == 302


# The shipped register on pages


@pytest.mark.parametrize(
    "sample",
    [pytest.param(1, marks=pytest.mark.slow, id="every"), pytest.param(12, id="each-twelfth")],
)
def test_instruments_and_models_have_a_page_that_can_be_read(sample, browser_of, shipped_register):
    browser = browser_of(CUSTODIAN)

    for reference in [*shipped_register.instruments, *shipped_register.models][::sample]:
        answer = browser.get(reverse("agreements:instrument", args=[reference]))
        assert answer.status_code == 200, reference


def test_an_instrument_shows_its_articles_claims_and_acts(browser_of, shipped_register):
    text = page(browser_of(CUSTODIAN), "instrument", "us-cn-1999")

    assert "In force" in text
    assert 'id="article-12-2"' in text
    assert "Evidence in a criminal prosecution or trial" in text
    assert "10 April 2003" in text or "April 10, 2003" in text
    assert "Record an act in its life" in text


def test_sources_that_disagree_are_said_to_disagree(browser_of, shipped_register):
    text = page(browser_of(Role.AUDITOR), "instrument", "us-uz-2024")

    assert "sources disagree" in text
    assert "whether in force: not known" in text


def test_an_instrument_is_read_as_of_a_day(browser_of, shipped_register):
    browser = browser_of(Role.AUDITOR)
    url = reverse("agreements:instrument", args=["us-cn-1999"])

    before = browser.get(url, {"on": "2001-01-01"}).context["sign"]
    after = browser.get(url, {"on": "2004-01-01"}).context["sign"]

    assert (before.word, after.word) == ("Signed", "In force")


def test_the_register_is_searched_and_narrowed(browser_of, shipped_register):
    browser = browser_of(Role.CASE_OFFICER)

    def found(**given: str) -> list[str]:
        answer = browser.get(reverse("agreements:register"), given)
        return [row["one"].reference for row in answer.context["rows"]]

    assert "us-cn-1999" in found(q="china", programme="cmaa")
    assert "us-cn-1999" in found(q="chine")
    assert found(q="no such words anywhere") == []
    assert "us-cn-1999" in found(party="us", with_="cn")
    assert "us-cv-2023" in found(state="SIGNED", party="US", q="us-cv")
    assert found(state="SIGNED", party="US", q="us-cv", on="2020-01-01") == []


def test_the_register_is_paged_by_key_without_gap_or_double(browser_of, shipped_register):
    browser, seen, query = browser_of(Role.CASE_OFFICER), [], ""
    while True:
        answer = browser.get(reverse("agreements:register") + query)
        seen += [row["one"].reference for row in answer.context["rows"]]
        query = answer.context.get("older", "")
        if not query:
            break

    assert seen == sorted(shipped_register.instruments)


def test_the_register_goes_back_a_page(browser_of, shipped_register):
    browser = browser_of(Role.CASE_OFFICER)
    first = browser.get(reverse("agreements:register"))
    second = browser.get(reverse("agreements:register") + first.context["older"])
    back = browser.get(reverse("agreements:register") + second.context["newer"])

    assert [r["one"].reference for r in back.context["rows"]] == [
        r["one"].reference for r in first.context["rows"]
    ]


def test_an_export_reads_back(browser_of, shipped_register, tmp_path):
    from comity.agreements.instrument_files import read_instrument

    browser = browser_of(Role.CASE_OFFICER)
    answer = browser.get(reverse("agreements:instrument-yaml", args=["us-cn-1999"]))
    file = tmp_path / "us-cn-1999.yaml"
    file.write_bytes(answer.content)

    assert read_instrument(file).claims == shipped_register.instrument("us-cn-1999").claims


def test_a_partner_shows_the_whole_path_and_what_can_be_asked(browser_of, shipped_register):
    answer = browser_of(Role.CASE_OFFICER).get(
        reverse("agreements:partner", args=["KR"]), {"on": "2024-01-01"}
    )

    assert {row["one"].programme for row in answer.context["stages"]} >= {"cmaa", "mra"}
    assert answer.context["asked"][0]["verdict"] == "permitted"


def test_a_comparison_with_a_model_names_what_is_missing(browser_of, shipped_register):
    answer = browser_of(Role.CASE_OFFICER).get(
        reverse("agreements:compare"), {"first": "us-cn-1999", "second": "us-nl-1996"}
    )

    assert answer.context["differing"] > 0
    text = answer.content.decode()
    assert "us-nl-1996" in text


def test_a_comparison_with_an_unknown_instrument_says_which_are_near(browser_of, shipped_register):
    answer = browser_of(Role.CASE_OFFICER).get(
        reverse("agreements:compare"), {"first": "us-cn-1998", "second": "us-nl-1996"}
    )

    assert "us-cn-1999" in answer.content.decode()


def test_the_coverage_of_a_day_has_a_cell_for_every_partner(browser_of, shipped_register):
    browser = browser_of(Role.CASE_OFFICER)
    answer = browser.get(reverse("agreements:coverage"), {"on": "2024-10-11"})
    cells = {cell["code"]: cell for cell in answer.context["cells"]}

    assert cells["US"]["home"]
    assert cells["CN"]["verdict"] == "permitted"
    assert any(row["one"].reference == "us-cv-2023" for row in answer.context["waiting"])
    data = browser.get(reverse("agreements:coverage-json"), {"on": "2024-10-11"}).json()
    assert {p["partner"] for p in data["partners"]} == set(cells) - {"US"}
    table = browser.get(reverse("agreements:coverage-csv"), {"on": "2024-10-11"}).content.decode()
    assert table.count("\n") == len(cells)


def test_the_coverage_lists_every_partner_once_under_a_heading_with_its_count(
    browser_of, shipped_register
):
    answer = browser_of(Role.CASE_OFFICER).get(reverse("agreements:coverage"), {"on": "2024-10-11"})
    groups = answer.context["groups"]
    listed = [row["code"] for group in groups for row in group["rows"]]

    assert sorted(listed) == sorted(
        cell["code"] for cell in answer.context["cells"] if "verdict" in cell
    )
    assert groups[0]["title"].startswith("Can be asked")
    assert all(Verdict(row["verdict"]).permits for row in groups[0]["rows"])
    assert answer.content.decode().count(" open>") == 1


def test_an_administrations_own_code_leads_to_its_coverage(browser_of, shipped_register):
    answer = browser_of(Role.CASE_OFFICER).get(
        reverse("agreements:partner", args=["US"]), {"on": "2024-10-11"}
    )

    assert answer["Location"] == reverse("agreements:coverage") + "?of=US&on=2024-10-11"


def test_acts_that_are_not_possible_now_say_when_they_are(browser_of, shipped_register):
    answer = browser_of(CUSTODIAN).get(reverse("agreements:instrument", args=["us-uz-2024"]))
    acts = answer.context["acts"]

    assert "Bring into force" in [act["word"] for act in acts["possible"]]
    whens = {act["word"]: act["possible_while"] for act in acts["others"]}
    assert whens["Resume"] == "Suspended"
    assert len(acts["possible"]) + len(acts["others"]) == len(Act)


def test_every_form_of_assistance_of_a_partner_leads_to_its_question(browser_of, shipped_register):
    browser = browser_of(Role.CASE_OFFICER)
    answer = browser.get(reverse("agreements:partner", args=["KR"]), {"on": "2024-01-01"})
    links = re.findall(r'href="([^"]*/ask/[^"]*forms=[^"]*)"', answer.content.decode())

    assert len(links) == len(FormOfAssistance)
    asked = browser.get(links[0].replace("&amp;", "&")).context["form"]
    assert asked["asked"].value() == "KR"
    assert asked["forms"].value()


def test_every_offence_stands_in_one_family_of_the_form():
    listed = [offence for family in OFFENCE_FAMILIES.values() for offence in family]

    assert sorted(listed) == sorted(Offence)


def test_the_year_is_moved_and_the_day_stays(browser_of, shipped_register):
    answer = browser_of(Role.CASE_OFFICER).get(
        reverse("agreements:coverage"), {"on": "2024-02-29", "year": "2001"}
    )

    assert answer.context["on"].isoformat() == "2001-02-28"


# Ask: may we?

ASK = {
    "kind": "ask", "asker": "US", "asked": "CN", "forms": ["INFO_OFFENCE"],
    "purposes": ["CRIMINAL_EVIDENCE"], "offences": ["SMUGGLING_GENERAL"], "on": "2024-10-11",
}  # fmt: skip


def test_a_question_is_answered_with_its_articles(browser_of, shipped_register):
    answer = browser_of(Role.CASE_OFFICER).get(reverse("agreements:assess"), ASK)

    panel = answer.context["panel"]
    assert panel["verdict"] == "prior-consent"
    text = answer.content.decode()
    assert "12(2)" in text
    assert "Judged under" in text
    assert [row["holds"] for row in panel["deciding"]] == sorted(
        row["holds"] for row in panel["deciding"]
    )
    assert panel["ways"]


def test_an_article_of_the_answer_leads_to_its_place_though_only_assumed(
    browser_of, shipped_register
):
    browser = browser_of(Role.CASE_OFFICER)
    asked = {"asked": "CV", "forms": "INFO_OFFENCE", "purposes": "CRIMINAL_EVIDENCE"}
    panel = browser.get(reverse("agreements:assess"), asked).context["panel"]
    addresses = {row["article_url"] for row in panel["findings"] if "#" in row["article_url"]}

    page = browser.get(reverse("agreements:instrument", args=["us-cv-2023"])).content.decode()
    places = re.findall(r'id="(article-[^"]*)"', page)

    assert {address.partition("#")[2] for address in addresses} <= set(places)
    assert addresses
    assert len(places) == len(set(places))


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "release", "supplier": "US", "receiver": "CN", "forms": "INFO_OFFENCE",
         "purposes": "ADMIN_ENQUIRY", "classes": "DECLARATION"},
        {"kind": "use", "holder": "US", "supplier": "PY", "purpose": "CRIMINAL_EVIDENCE",
         "supplied_on": "2019-05-01"},
        {"kind": "disclose", "holder": "ZA", "supplier": "BR", "recipient": "DEFENCE",
         "supplied_on": "2020-05-01", "compelled": "on"},
        {"kind": "retain", "holder": "US", "supplier": "NL", "supplied_on": "2020-05-01",
         "personal_data": "yes"},
    ],
)  # fmt: skip
def test_each_of_the_five_questions_is_answered(given, browser_of, shipped_register):
    browser = browser_of(Role.CASE_OFFICER)

    whole = browser.get(reverse("agreements:assess"), {**given, "on": "2024-10-11"})
    part = browser.get(reverse("agreements:assess-why"), {**given, "on": "2024-10-11"})

    assert whole.context["panel"], whole.context["form"].errors
    assert part.context["panel"]["verdict"] == whole.context["panel"]["verdict"]
    assert "<html" not in part.content.decode()


def test_a_question_not_yet_whole_says_what_is_needed(browser_of, shipped_register):
    answer = browser_of(Role.CASE_OFFICER).get(reverse("agreements:assess"))

    assert answer.context["panel"] is None
    assert "Who is asked" in answer.content.decode()
    assert answer.context["form"]["asker"].value() == "US"


def test_the_custodian_can_start_what_would_make_it_permitted(browser_of, shipped_register):
    asked = {**ASK, "asked": "CV", "purposes": ["ADMIN_ENQUIRY"]}
    url = reverse("agreements:assess")

    text = browser_of(CUSTODIAN).get(url, asked).content.decode()
    others = browser_of(Role.CASE_OFFICER).get(url, asked).content.decode()

    link = reverse("agreements:confirm-force") + "?instrument=us-cv-2023"
    assert link in text
    assert link not in others


def test_an_answer_is_kept_and_read_again(browser_of, shipped_register):
    browser = browser_of(Role.CASE_OFFICER)

    kept = browser.post(reverse("agreements:assess-keep"), ASK)
    answer = browser.get(kept["Location"])

    assert answer.context["replay"].same
    assert "12(2)" in answer.content.decode()
    assert browser.get(answer.context["again"]).context["panel"]["verdict"] == "prior-consent"


# Confirming on pages

FORCE = {
    "instrument": "us-cv-2023", "evidence": "note-verbale", "citation": "Note 4/2024",
    "in_force_from": "2024-05-01", "review_by": "2027-01-01",
}  # fmt: skip


def test_a_confirmation_on_pages_flips_the_assessment(browser_of, shipped_register, stop_time):
    stop_time(2026, 3, 2, 9)
    asked = {**ASK, "asked": "CV", "purposes": ["ADMIN_ENQUIRY"]}
    custodian, adviser = browser_of(CUSTODIAN), browser_of(ADVISER)

    before = custodian.get(reverse("agreements:assess"), asked).context["panel"]["verdict"]
    drafted = custodian.post(reverse("agreements:confirm-force"), FORCE)
    record = queries.confirmations().rows[0]
    adviser.post(
        reverse("agreements:countersign", args=[record.reference]), {"version": record.version}
    )
    after = custodian.get(reverse("agreements:assess"), asked).context["panel"]

    assert drafted.status_code == 302
    assert before == "person-must-decide"
    assert queries.confirmation(record.reference).state == "in-effect"
    assert after["verdict"] != before or "confirm-force" not in str(after["ways"])


def test_an_obstacle_is_said_in_the_form_and_nothing_typed_is_lost(browser_of, shipped_register):
    answer = browser_of(CUSTODIAN).post(
        reverse("agreements:confirm-force"), {**FORCE, "in_force_from": ""}
    )

    assert answer.status_code == 200
    assert "names no first day in force" in answer.content.decode()
    assert "Note 4/2024" in answer.content.decode()


def test_an_outdated_version_is_refused_with_what_to_do(browser_of, kept):
    url = reverse("agreements:countersign", args=[kept["confirmation"]])

    answer = browser_of(ADVISER).post(url, {"version": "7"})

    assert answer.status_code == 412
    assert "Open" in answer.content.decode()


def test_a_record_carries_its_version_as_an_etag(browser_of, kept):
    answer = browser_of(ADVISER).get(
        reverse("agreements:confirmation", args=[kept["confirmation"]])
    )

    assert answer["ETag"] == f'"{kept["confirmation"]}.1"'


def test_the_author_sees_why_not_to_countersign(browser_of, officer, small_register):
    both = browser_of(CUSTODIAN, ADVISER)
    drafted = services.draft_confirmation(
        confirmation_draft(), by=officer(CUSTODIAN, ADVISER), at=MONDAY
    )

    text = page(both, "confirmation", drafted.reference)

    assert "another person countersigns" in text
    assert reverse("agreements:countersign", args=[drafted.reference]) not in text


def test_a_partners_statement_is_recorded_on_the_page(browser_of, officer, kept, stop_time):
    stop_time(2026, 3, 4, 9)
    services.countersign_confirmation(
        kept["confirmation"], version=None, by=officer(ADVISER), at=TUESDAY
    )
    url = reverse("agreements:statement", args=[kept["confirmation"]])
    given = {"stance": "disagrees", "partner": "XS", "made_on": "2026-03-03", "citation": "List"}

    refused = browser_of(CUSTODIAN).post(url, {**given, "partner": "XE"})
    browser_of(CUSTODIAN).post(url, given)

    assert "is not a party" in refused.content.decode()
    assert queries.confirmation(kept["confirmation"]).state == "suspended"


def test_the_custodian_works_through_the_list_of_the_united_states(
    browser_of, shipped_register, stop_time
):
    stop_time(2026, 3, 2, 9)
    browser, url = browser_of(CUSTODIAN), reverse("agreements:work-through")
    first = browser.get(url).context["work"]

    left = browser.get(url, {"at": first.following}).context["work"]
    done = browser.post(
        f"{url}?of=US&programme=cmaa&at={left.following}",
        {**FORCE, "instrument": left.following, "review_by": "2027-01-01"},
    )
    after = browser.get(done["Location"]).context["work"]

    assert first.of >= 70
    assert (first.place, left.place, after.place) == (1, 2, 4)
    assert after.done == 1
    assert browser.get(url, {"at": left.following}).context["records"]


def test_the_bulk_page_has_keys_for_next_and_previous(browser_of, shipped_register):
    work = browser_of(CUSTODIAN).get(reverse("agreements:work-through"), {"at": "us-cn-1999"})
    text = work.content.decode()

    assert re.search(r'<a rel="next" data-key="n" aria-keyshortcuts="n"', text)
    assert re.search(r'<a rel="prev" data-key="p" aria-keyshortcuts="p"', text)
    assert work.context["form"]["in_force_from"].value().isoformat() == "2003-04-10"


def test_a_row_of_the_list_has_an_address_of_its_own_for_its_draft(browser_of, shipped_register):
    answer = browser_of(CUSTODIAN).get(reverse("agreements:work-on", args=["us-cn-1999"]))

    assert answer.context["work"].instrument.reference == "us-cn-1999"
    assert 'data-draft="agreements/confirmations/work/us-cn-1999"' in answer.content.decode()


def test_the_queue_offers_the_countersignature_to_the_legal_adviser_only(browser_of, kept):
    url = reverse("agreements:countersign", args=[kept["confirmation"]])

    assert url in page(browser_of(ADVISER), "to-countersign")
    assert url not in page(browser_of(CUSTODIAN), "to-countersign")


def test_a_provision_is_confirmed_purpose_by_purpose(browser_of, small_register, stop_time):
    stop_time(2026, 3, 2, 9)
    given = {**FORCE, "instrument": AGREEMENT, "article": "12(3)", "use_STATISTICS": "PERMITTED",
             "forms": ["COPIES_CERTIFIED"]}  # fmt: skip

    browser_of(CUSTODIAN).post(reverse("agreements:confirm-provision"), given)

    [record] = queries.confirmations().rows
    assert record.article == "12(3)"
    assert [(p.value, r.value) for p, r in record.use_rules] == [("STATISTICS", "PERMITTED")]


def test_a_ruling_and_an_attestation_are_given_on_pages(browser_of, small_register, stop_time):
    stop_time(2026, 3, 2, 9)
    ruling = {
        "instrument": AGREEMENT, "form": "OBJECTS_SAMPLES", "purpose": "ADMIN_ENQUIRY",
        "verdict": "permitted-under-conditions", "conditions": "Ask first\nReturn them",
        "grounds": "Practice", "valid_from": "2026-03-02", "valid_until": "2027-03-02",
    }  # fmt: skip
    browser_of(Role.UNIT_HEAD).post(reverse("agreements:rule"), ruling)
    [ruled] = queries.rulings().rows
    browser_of(ADVISER).post(
        reverse("agreements:countersign-ruling", args=[ruled.reference]), {"version": "1"}
    )
    browser_of(CUSTODIAN).post(
        reverse("agreements:attest"),
        {"one": "us", "other": "xs", "valid_from": "2026-01-01", "valid_until": "2027-01-01",
         "citation": "The archive", "understood": "on"},
    )  # fmt: skip

    assert queries.ruling(ruled.reference).conditions == ("Ask first", "Return them")
    assert queries.ruling(ruled.reference).state == "in-effect"
    assert queries.attestations().rows[0].parties == ("US", "XS")


def test_the_overlay_leaves_the_node_as_a_file_of_the_plain_install(
    browser_of, officer, kept, tmp_path
):
    from comity.agreements.overlay_files import read_overlay
    from tests.support.officers import journal_acts

    services.countersign_confirmation(
        kept["confirmation"], version=None, by=officer(ADVISER), at=TUESDAY
    )
    file = tmp_path / "ours.yaml"
    file.write_bytes(browser_of(ADVISER).post(reverse("agreements:overlay-export")).content)

    assert read_overlay(file).confirmations == queries.overlay().confirmations
    assert journal_acts()[-1][0] == "overlay-exported"


# Proposals on pages


def test_a_claim_is_proposed_by_one_and_accepted_by_another(browser_of, small_register, stop_time):
    stop_time(2026, 3, 2, 9)
    given = {
        "instrument": AGREEMENT, "event": "in-force", "date": "2021-03-15", "confidence": "high",
        "source_title": "Gazette", "grounds": "Read in the gazette.",
    }  # fmt: skip
    browser_of(Role.CASE_OFFICER).post(reverse("agreements:propose", args=["claim"]), given)
    [made] = queries.proposals().rows
    url = reverse("agreements:decide", args=[made.reference])

    refused = browser_of(Role.CASE_OFFICER).post(url, {"decision": "accept", "version": "1"})
    browser_of(ADVISER).post(url, {"decision": "accept", "version": "1"})

    assert refused.status_code == 403
    assert queries.proposal(made.reference).state == "accepted"
    assert len(queries.register().instrument(AGREEMENT).claims) == 2


@pytest.mark.parametrize(
    ("kind", "role", "given"),
    [
        ("instrument", Role.REGISTRAR, {"instrument": "us-cv-2030", "title": "Later",
         "programme": "cmaa", "instrument_kind": "treaty_bilateral", "parties": "us cv"}),
        ("contact-point", Role.REGISTRAR, {"instrument": AGREEMENT, "code": "xs/customs",
         "contact_point": "Central unit"}),
        ("designated-officials", Role.REGISTRAR, {"instrument": AGREEMENT, "code": "XS/CUSTOMS",
         "officials": "XS-0007\nXS-0008"}),
        ("lifecycle-act", CUSTODIAN, {"instrument": AGREEMENT, "act": "bring-into-force",
         "date": "2021-03-15", "confidence": "high"}),
    ],
)  # fmt: skip
def test_every_kind_of_change_is_proposed_and_shown(
    kind, role, given, browser_of, small_register, stop_time
):
    stop_time(2026, 3, 2, 9)
    sourced = {**given, "source_title": "A letter", "grounds": "It was sent to us."}

    answer = browser_of(role).post(reverse("agreements:propose", args=[kind]), sourced)

    assert answer.status_code == 302, answer.context["form"].errors
    [made] = queries.proposals().rows
    assert made.kind == kind
    assert page(browser_of(ADVISER), "proposal", made.reference)


def test_an_officials_name_is_refused(browser_of, small_register):
    answer = browser_of(Role.REGISTRAR).post(
        reverse("agreements:propose", args=["designated-officials"]),
        {"instrument": AGREEMENT, "code": "XS/CUSTOMS", "officials": "Jane Doe",
         "source_title": "A letter", "grounds": "It was sent to us."},
    )  # fmt: skip

    assert "not names" in answer.content.decode()


# Weight: the number of queries does not grow with the lists

QUERIES = {
    "register": 8, "confirmations": 9, "proposals": 5, "rulings": 5, "assessments": 5,
    "attestations": 5, "to-countersign": 7, "to-review": 6,
}  # fmt: skip


@pytest.mark.parametrize("name", QUERIES)
def test_a_list_takes_no_more_queries_than_its_baseline(
    name, browser_of, officer, small_register, django_assert_max_num_queries
):
    for year in range(2000, 2012):
        draft = confirmation_draft(
            in_force_from=MONDAY.date().replace(year=year, day=1),
            in_force_until=MONDAY.date().replace(year=year, day=20),
        )
        made = services.draft_confirmation(draft, by=officer(CUSTODIAN), at=MONDAY)
        if year % 2:
            services.countersign_confirmation(
                made.reference, version=None, by=officer(ADVISER), at=MONDAY
            )
    browser = browser_of(ADVISER)
    browser.get(reverse(f"agreements:{name}"))

    with django_assert_max_num_queries(QUERIES[name]):
        browser.get(reverse(f"agreements:{name}"))


def test_pages_are_read_in_french(browser_of, shipped_register):
    browser = browser_of(Role.CASE_OFFICER)

    answer = browser.get(
        reverse("agreements:partner", args=["CN"]), headers={"accept-language": "fr"}
    )

    assert "Chine" in answer.content.decode()


def page(browser, name: str, *args: str) -> str:
    answer = browser.get(reverse(f"agreements:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()
