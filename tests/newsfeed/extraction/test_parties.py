# SPDX-License-Identifier: Apache-2.0
"""Every country is found by its names, administrations by theirs, and look-alikes not at all."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.agreements.instrument_files import load_register
from comity.newsfeed.extraction.parties import NamedBy, parties_in
from comity.newsfeed.extraction.party_names import country_names, inflected, vocabulary
from comity.newsfeed.extraction.phrases import tokens_of
from comity.reference.countries import countries
from comity.reference.group_files import load_groups

ONLY_LONGER_NAMES = set(vocabulary("countries")["ambiguous"])
"""Names that are also first names, towns or things; their countries have longer ones."""

NAMED = [
    (code, name)
    for code, country in countries().items()
    if code in country_names()
    for name in (country.name, country.name_fr, country.name_es, *country.other_names)
    if name not in ONLY_LONGER_NAMES and "(" not in name
]


def named(text: str) -> list[tuple[str, str]]:
    """Code and words of every party in the text."""
    return [(m.code, text[m.start : m.end]) for m in parties_in(tokens_of(text))]


def codes(text: str) -> list[str]:
    return [code for code, _ in named(text)]


@pytest.mark.parametrize(("code", "name"), NAMED)
def test_a_country_is_found_by_each_of_its_names(code: str, name: str) -> None:
    assert codes(f"an agreement with {name}, signed today") == [code]
    assert codes(f"{name} has signed") == [code]


@pytest.mark.parametrize("code", sorted(country_names()))
def test_every_country_that_concludes_instruments_has_a_name(code: str) -> None:
    plain = [name for name in country_names()[code] if "|" not in name and "?" not in name]

    assert plain
    assert all(codes(f"with {name}.") == [code] for name in plain)


def test_only_territories_and_states_that_are_no_more_are_left_out() -> None:
    left_out = set(vocabulary("countries")["left_out"])

    assert left_out | set(country_names()) == {c for c, v in countries().items() if not v.former}


@pytest.mark.parametrize("code", sorted(vocabulary("countries")["countries"]))
def test_a_country_is_found_by_its_adjectives(code: str) -> None:
    for language, words in vocabulary("countries")["countries"][code].get("adjectives", {}).items():
        for word in words:
            for form in inflected(word, language):
                text = f"de {form.title() if language == 'en' else form} 2"
                assert codes(text) == [code], text


def test_inflections_are_those_of_the_language() -> None:
    assert inflected("mexicain", "fr") == ("mexicain", "mexicaine", "mexicains", "mexicaines")
    assert inflected("italien", "fr")[1] == "italienne"
    assert inflected("turc", "fr")[1] == "turque"
    assert inflected("salvadoreño", "es")[1] == "salvadorena"
    assert set(inflected("francés", "es")) == {"frances", "francesa", "franceses", "francesas"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the Republic of Uzbekistan", "UZ"),
        ("the Kingdom of Bahrain", "BH"),
        ("la República de Cabo Verde", "CV"),
        ("le Royaume du Maroc", "MA"),
        ("los Estados Unidos Mexicanos", "MX"),
        ("los Estados Unidos de América", "US"),
        ("the Oriental Republic of Uruguay", "UY"),
        ("the Swiss Confederation", "CH"),
        ("the Hashemite Kingdom of Jordan", "JO"),
        ("the Republic of Korea", "KR"),
        ("EE. UU.", "US"),
        ("EE.UU.", "US"),
        ("É.-U.", "US"),
        ("U.S.A.", "US"),
        ("the UK", "GB"),
        ("the U.K.", "GB"),
        ("R.-U.", "GB"),
        ("the DRC", "CD"),
        ("the Democratic Republic of the Congo", "CD"),
        ("la UE", "EU"),
        ("l'Union européenne", "EU"),
        ("MERCOSUR", "MERCOSUR"),
        ("HM Revenue & Customs", "GB"),
        ("la douane française", "FR"),
        ("l'administration des douanes du Sénégal", "SN"),
        ("the customs administration of Uruguay", "UY"),
        ("Brazil’s Customs Authority Receita Federal", "BR"),
        ("Receita Federal do Brasil (RFB)", "BR"),
        ("the Government of the Republic of Chile", "CL"),
        ("el Gobierno de la República de Colombia", "CO"),
        ("le gouvernement des États-Unis", "US"),
        ("Guatemala's Superintendencia de Administración Tributaria (SAT)", "GT"),
        ("el SAT de México", "MX"),
        ("Agencia Nacional de Aduanas de México (ANAM)", "MX"),
        ("la Dirección Nacional de Aduanas del Uruguay", "UY"),
        ("U.S. Customs and Border Protection (CBP)", "US"),
        ("autoridades aduaneras estadounidenses", "US"),
        ("Jordan Customs", "JO"),
        ("the General Administration of Customs of the People's Republic of China", "CN"),
        ("the State Customs Committee of the Republic of Azerbaijan", "AZ"),
        ("the Directorate General for Taxation and Customs Union", "EU"),
        ("Zakat, Tax and Customs Authority", "SA"),
        ("la Administración General de Aduanas de China", "CN"),
        ("la Direction générale des douanes et droits indirects de la République du Bénin", "BJ"),
        ("el Servicio Nacional de Aduanas de Costa Rica", "CR"),
        ("the General Authority of Customs of the State of Qatar", "QA"),
    ],
)
def test_words_that_name_one_party_are_one_mention(text: str, expected: str) -> None:
    assert codes(f"signed by {text} in Arden") == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CBP and the customs administrations of Guatemala and Colombia", ["US", "GT", "CO"]),
        ("U.S., Bahrain Sign Agreement", ["US", "BH"]),
        ("the U.S.-Uzbekistan Customs Mutual Assistance Agreement", ["US", "UZ"]),
        ("los Estados Unidos y los Estados Unidos Mexicanos", ["US", "MX"]),
        ("entre la France et le Maroc", ["FR", "MA"]),
        ("Washington and Brasília signed", ["US", "BR"]),
        ("l'accord entre Paris et Rabat", ["FR", "MA"]),
        ("Armenia, Georgia and Jordan signed", ["AM", "GE", "JO"]),
        ("customs of Tbilisi, Georgia", ["GE"]),
        ("On 25 August, Georgia and Kazakhstan signed", ["GE", "KZ"]),
        ("On Monday, Georgia signed with Peru", ["GE", "PE"]),
        ("Meanwhile, Georgia signed", ["GE"]),
        ("el SAT y la SAT de Guatemala", ["GT", "GT"]),
        ("l'accord franco-allemand", ["FR", "DE"]),
        ("EU-Japan and US–Mexico", ["EU", "JP", "US", "MX"]),
    ],
)
def test_several_parties_are_several_mentions(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "in New Mexico and Mexico City, on the Gulf of Mexico",
        "Washington, D.C. and WASHINGTON –",
        "signed in Washington",
        "Atlanta, Georgia; the State of Georgia; Georgia Ports Authority",
        "Commissioner Jordan, Jordan Smith and Michael Jordan",
        "Chad Wolf and Chad Smith",
        "Germán López y Frances Hall",
        "turkey breast, a guinea pig, India ink and Swiss cheese",
        "they joined us",
        "China Shipping, American Express and American Airlines",
        "Cuba, New York; Lebanon, Pennsylvania",
        "US$ 500, 500 U.S. dollars and dólares estadounidenses",
        "available in Spanish and French, en español e inglés",
        "the Niger Delta and the Panama Canal",
        "Latin American and Central American customs",
        "the Organization of American States",
        "the SARS-CoV-2 virus",
        "the customs administration and the Ministry of Finance",
        "the Servicio Nacional de Aduanas",
        "Franco signed, an anglo plan",
        "chile peppers and polish",
    ],
)
def test_what_only_looks_like_a_party_is_none(text: str) -> None:
    assert named(text) == []


OFFICES = {
    "name": (
        *("the Customs Service of {}", "{}'s customs authorities", "the Ministry of Finance of {}"),
        *("the General Administration of Customs of {}", "the Customs and Excise Department of {}"),
        "the State Revenue Committee of the Republic of {}",
    ),
    "name_fr": (
        *("la Direction générale des douanes de {}", "l'administration des douanes de {}"),
        *("la Direction générale des douanes et droits indirects de {}", "les douanes de {}"),
    ),
    "name_es": (
        *("la Dirección General de Aduanas de {}", "el Servicio Nacional de Aduanas de {}"),
        *("la Administración General de Aduanas de {}", "las autoridades aduaneras de {}"),
    ),
}


@pytest.mark.parametrize("code", sorted(country_names()))
def test_an_administration_of_a_country_is_one_mention_of_it(code: str) -> None:
    for language, offices in OFFICES.items():
        name = getattr(countries()[code], language)
        if (code, name) not in NAMED or (code, language) == ("KP", "name_fr"):
            continue
        for office in offices:
            (mention,) = parties_in(tokens_of(f"signed by {office.format(name)} in Arden"))
            assert (mention.code, mention.named_by) == (code, NamedBy.AUTHORITY)


def test_a_party_named_as_a_place_says_so() -> None:
    places = parties_in(tokens_of("signed in Brazil, at the port of Callao, Peru, with Chile"))

    assert [(m.code, m.as_place) for m in places] == [("BR", True), ("PE", True), ("CL", False)]


def test_by_what_a_party_is_named() -> None:
    mentions = parties_in(tokens_of("Mexico, Brazilian officials, CBP, the aduana mexicana"))

    assert [m.named_by for m in mentions] == [
        NamedBy.COUNTRY,
        NamedBy.ADJECTIVE,
        NamedBy.AUTHORITY,
        NamedBy.AUTHORITY,
    ]
    assert mentions[2].authority == "US/CBP"


def test_groups_have_the_registers_codes() -> None:
    assert set(vocabulary("countries")["groups"]) <= set(load_groups().by_code)


def test_authorities_have_the_registers_codes() -> None:
    register = {a.code for i in load_register().instruments.values() for a in i.authorities}
    listed = {
        entry["code"]
        for entry in vocabulary("administrations")["administrations"]
        if "code" in entry
    }

    assert listed <= register


@given(text=st.text(alphabet="UScbpCBP MexicoÉ.,-'()ñóaGeorgia\n", max_size=80))
def test_every_party_of_any_text_stands_in_it(text: str) -> None:
    mentions = parties_in(tokens_of(text))

    assert all(0 <= m.start < m.end <= len(text) and m.first < m.last for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
