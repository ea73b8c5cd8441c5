# SPDX-License-Identifier: Apache-2.0
"""Countries: their codes and names, and that the table is what its generator makes."""

from __future__ import annotations

import pytest

from comity.reference.countries import (
    COUNTRIES_FILE,
    PRACTICE,
    countries,
    country_code,
    country_name,
    is_country,
)
from comity.reference.group_files import load_groups


def test_the_table_is_what_the_generator_makes():
    pytest.importorskip("babel")
    from tools.countries import table

    assert COUNTRIES_FILE.read_text("utf-8") == table()


def test_every_code_of_iso_3166_is_there_and_kosovo():
    current = [code for code, country in countries().items() if not country.former]

    assert len(current) == 250
    assert {"NO", "NA", "TR", "XK"} <= set(current)


def test_states_that_are_no_more_keep_their_code():
    assert countries()["SU"].former
    assert country_name("CS") == "Czechoslovakia"
    assert country_name("YU", "fr") == "Yougoslavie"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Korea, Republic of", "KR"),
        ("Turkey", "TR"),
        ("Türkiye", "TR"),
        ("Viet Nam", "VN"),
        ("Czech Republic", "CZ"),
        ("  cabo verde ", "CV"),
        ("Afrique du Sud", "ZA"),
        ("Atlantis", ""),
    ],
)
def test_a_country_is_found_by_any_of_its_names(name: str, code: str):
    assert country_code(name) == code


def test_names_in_french():
    assert country_name("DE", "fr") == "Allemagne"
    assert country_name("EU") == "EU"


def test_no_group_has_a_countrys_code():
    assert not [code for code in load_groups().by_code if is_country(code)]


def test_made_up_countries_are_named_and_never_offered():
    assert country_name("XN") == "Northland"
    assert country_name("XS", "fr") == "Sudlande"
    assert is_country("XE")
    assert not set(PRACTICE) & set(countries())
    assert country_code("Northland") == ""
