"""Who publishes, told from the address."""

from __future__ import annotations

import pytest

from comity.newsfeed.formats.publisher import host_of, publisher_of


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://www.cbp.gov/newsroom/1", "US"),
        ("https://www.navy.mil/1", "US"),
        ("https://www.gov.uk/government/news/1", "GB"),
        ("https://www.douane.gouv.fr/actualites", "FR"),
        ("https://www.gob.mx/sat/prensa/1", "MX"),
        ("https://taxation-customs.ec.europa.eu/news_en", "EU"),
        ("https://www.gov.br/receitafederal", "BR"),
        ("https://www.dian.gov.co/1", "CO"),
        ("https://www.zoll.de/1", "DE"),
        ("https://aduana.cl/1", "CL"),
        ("https://www.wcoomd.org/en/media.aspx", ""),
        ("https://www.example.com/1", ""),
        ("https://news.example.io/1", ""),
        ("https://www.magazine.us/1", ""),
        ("https://10.0.0.1/1", ""),
        ("https://[bad", ""),
        ("news.xml", ""),
        ("", ""),
    ],
)
def test_the_ending_of_the_host_tells_the_publisher(address, code):
    assert publisher_of(address) == code


def test_the_host_is_named_without_www():
    assert host_of("https://www.customs.northland.example:8443/1") == "customs.northland.example"
