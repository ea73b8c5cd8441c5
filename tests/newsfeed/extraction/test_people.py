# SPDX-License-Identifier: Apache-2.0
"""People are found beside their capacity, in three languages, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.newsfeed.extraction.parties import parties_in
from comity.newsfeed.extraction.people import names_in, people_in
from comity.newsfeed.extraction.phrases import tokens_of


def people(text: str) -> list[tuple[str, str, str]]:
    tokens = tokens_of(text)
    return [
        (text[p.name_start : p.name_end], text[p.capacity_start : p.capacity_end], p.party)
        for p in people_in(tokens, parties_in(tokens))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "CBP Commissioner Alan Northway signed the agreement",
            [("Alan Northway", "CBP Commissioner", "US")],
        ),
        (
            "and the Kingdom of Bahrain's Customs President, Major General Basil AlHamra, signed",
            [("Basil AlHamra", "Kingdom of Bahrain's Customs President", "BH")],
        ),
        (
            "Ada Mavlon, Chairman of the Customs Committee of the Republic of Uzbekistan, said",
            [
                (
                    "Ada Mavlon",
                    "Chairman of the Customs Committee of the Republic of Uzbekistan",
                    "UZ",
                )
            ],
        ),
        (
            "Troy B. Hollow, CBP’s Senior Official Performing the Duties of the Commissioner, said",
            [
                (
                    "Troy B. Hollow",
                    "CBP’s Senior Official Performing the Duties of the Commissioner",
                    "US",
                )
            ],
        ),
        (
            "Ludmila Vargas (seated), Costa Rica Consul General, and John Ricketts, CBP’s Asst. "
            "Director of Border Security, signed",
            [
                ("Ludmila Vargas", "Costa Rica Consul General", "CR"),
                ("John Ricketts", "CBP’s Asst. Director of Border Security", "US"),
            ],
        ),
        ("Commissioner Hollow hosted the meeting", [("Hollow", "Commissioner", "")]),
        (
            "le directeur général des douanes, M. Jean Delorme, et son homologue",
            [("Jean Delorme", "directeur général des douanes", "")],
        ),
        (
            "M. Karim Belhadir, directeur général de l'Administration des douanes du Maroc, a dit",
            [
                (
                    "Karim Belhadir",
                    "directeur général de l'Administration des douanes du Maroc",
                    "MA",
                )
            ],
        ),
        (
            "La directora general de Aduanas, María Pérez Soto, y Juan Gómez, superintendente de "
            "la SUNAT, firmaron",
            [
                ("María Pérez Soto", "directora general de Aduanas", ""),
                ("Juan Gómez", "superintendente de la SUNAT", "PE"),
            ],
        ),
        (
            "the Commissioner of the Korea Customs Service, Kwang-hyo Ko, signed",
            [("Kwang-hyo Ko", "Commissioner of the Korea Customs Service", "KR")],
        ),
    ],
)
def test_a_person_stands_beside_the_capacity(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert people(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Jane Northway signed the agreement",
        "the Director of the agency signed it",
        "The World Customs Organization met the International Chamber of Commerce.",
        "El director firmó en Nueva York",
        "the President, the Council and the Commission",
    ],
)
def test_a_name_alone_and_a_capacity_alone_are_nobodys(text: str) -> None:
    assert people(text) == []


def test_names_of_bodies_and_posts_are_no_names_of_people() -> None:
    text = "Deputy Director Jane van der Northway of Homeland Security met J. P. Hollow"

    tokens = tokens_of(text)
    names = [text[tokens[first].start : tokens[last - 1].end] for first, last in names_in(tokens)]

    assert names == ["Jane van der Northway", "J. P. Hollow"]


@given(text=st.text(alphabet="Director of the , ()CBP’s JaneNothAlx.", max_size=90))
def test_everybody_in_any_text_stands_in_it(text: str) -> None:
    tokens = tokens_of(text)

    for person in people_in(tokens, parties_in(tokens)):
        assert person.start == min(person.name_start, person.capacity_start)
        assert person.end == max(person.name_end, person.capacity_end)
        assert person.name_start < person.name_end
        assert person.capacity_start < person.capacity_end


@pytest.mark.parametrize(
    ("text", "person", "capacity"),
    [
        (
            "El Ministro de Hacienda y Crédito Público, Luis Vera Campo, firmó",
            "Luis Vera Campo",
            "Ministro de Hacienda y Crédito Público",
        ),
        (
            "la Ministra de Comercio, Industria y Turismo, Ana Vera Campo, firmó",
            "Ana Vera Campo",
            "Ministra de Comercio, Industria y Turismo",
        ),
        (
            "le ministre de l'Économie, des Finances et de la Relance, Paul Creux, a signé",
            "Paul Creux",
            "ministre de l'Économie, des Finances et de la Relance",
        ),
        (
            "the Minister of Trade, Industry and Tourism, Otto Marsh, signed",
            "Otto Marsh",
            "Minister of Trade, Industry and Tourism",
        ),
        (
            "la directora de fiscalización, Tobías del Este",
            "Tobías del Este",
            "directora de fiscalización",
        ),
    ],
)
def test_a_ministry_may_be_of_several_things(text: str, person: str, capacity: str) -> None:
    assert [(name, post) for name, post, _ in people(text)] == [(person, capacity)]
