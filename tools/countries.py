# SPDX-License-Identifier: Apache-2.0
"""Write `reference/data/countries.csv` from the Unicode CLDR that babel carries.

Run `python tools/countries.py`; a test generates the table again and compares. CLDR has more
territories than ISO 3166-1 has countries, and no names for codes that were withdrawn: both
differences are listed here.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from babel import Locale

FILE = Path(__file__).parents[1] / "src/comity/reference/data/countries.csv"

NOT_IN_ISO_3166 = {
    *("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"),
}
"""CLDR's codes for islands, unions and tests. XK (Kosovo) is user-assigned, in use, and kept."""

FORMERLY_USED = {
    "AN": ("Netherlands Antilles", "Antilles néerlandaises", "Antillas Neerlandesas"),
    "CS": ("Czechoslovakia", "Tchécoslovaquie", "Checoslovaquia"),
    "DD": (
        "German Democratic Republic",
        "République démocratique allemande",
        "República Democrática Alemana",
    ),
    "SU": ("Soviet Union", "Union soviétique", "Unión Soviética"),
    "YU": ("Yugoslavia", "Yougoslavie", "Yugoslavia"),
}
"""Codes withdrawn from ISO 3166-1 that instruments still name. CS is Czechoslovakia here."""

OTHER_NAMES = {
    "AE": "UAE",
    "BO": "Bolivia, Plurinational State of",
    "BN": "Brunei Darussalam",
    "CD": "Democratic Republic of Congo; Congo, Democratic Republic of the",
    "CG": "Congo",
    "CI": "Ivory Coast; Cote d'Ivoire",
    "CN": "People's Republic of China",
    "CV": "Cabo Verde",
    "CZ": "Czech Republic",
    "FM": "Micronesia, Federated States of",
    "GB": "United Kingdom of Great Britain and Northern Ireland; Great Britain",
    "HK": "Hong Kong; Hong Kong, China",
    "IR": "Iran, Islamic Republic of",
    "KP": "Korea, Democratic People's Republic of",
    "KR": "Korea, Republic of; Republic of Korea; Korea",
    "LA": "Lao People's Democratic Republic",
    "MD": "Moldova, Republic of; Republic of Moldova",
    "MK": "Macedonia; The former Yugoslav Republic of Macedonia",
    "MM": "Myanmar; Burma",
    "MO": "Macao; Macau; Macao, China",
    "NL": "The Netherlands; Kingdom of the Netherlands",
    "PS": "Palestine, State of; Palestine",
    "RU": "Russian Federation",
    "SU": "Union of Soviet Socialist Republics; USSR",
    "SY": "Syrian Arab Republic",
    "SZ": "Swaziland",
    "TL": "East Timor",
    "TR": "Turkey",
    "TW": "Chinese Taipei; Taiwan, Province of China",
    "TZ": "Tanzania, United Republic of",
    "US": "United States of America; USA",
    "VA": "Holy See",
    "VE": "Venezuela, Bolivarian Republic of",
    "VN": "Viet Nam",
}
"""Names under which sources list a country, where CLDR's differs."""


def table() -> str:
    """The whole table as CSV."""
    english, french, spanish = (
        {str(code): str(name) for code, name in Locale(language).territories.items()}
        for language in ("en", "fr", "es")
    )
    current = {
        code: (english[code], french[code], spanish[code], "")
        for code in english
        if len(code) == 2 and code.isalpha() and code not in NOT_IN_ISO_3166 | set(FORMERLY_USED)
    }
    former = {code: (*names, "yes") for code, names in FORMERLY_USED.items()}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("code", "name_en", "name_fr", "name_es", "former", "other_names"))
    for code, names in sorted((current | former).items()):
        writer.writerow((code, *names, OTHER_NAMES.get(code, "")))
    return out.getvalue()


if __name__ == "__main__":
    FILE.write_text(table(), "utf-8")
    print(f"Wrote {FILE.name}.")
