# SPDX-License-Identifier: Apache-2.0
"""Made-up content for the page of components: Northland asks Southland, nobody is real."""

from __future__ import annotations

REFERENCE = "REQ-NL-2026-00041"
SENTENCE = "Northland may ask Southland once a person has confirmed that the agreement is in force."
QUANTITY = "1 204 t"
PROPOSAL = "Set the entry into force of NL-SL-2024 to 1 March 2025."
SPAN = "“… shall enter into force on the first day of the second month …”"
TRIED = "To send REQ-NL-2026-00041"
OBSTACLE = "NL-SL-2024 was signed on 13 August 2024 but is not in force."
REMEDY = "Ask the treaty custodian for a confirmation."
CLOCKS: tuple[dict[str, str], ...] = (
    {
        "due": "3 March 2027",
        "days": "102 days left",
        "ends": "Then the item is destroyed",
        "duty": "the evidence custodian",
    },
    {"state": "soon", "due": "24 November 2026", "days": "3 days left"},
    {"state": "overdue", "due": "1 November 2026", "days": "20 days over"},
)
FINDINGS: tuple[dict[str, object], ...] = (
    {
        "rule": "AGR-1",
        "holds": True,
        "because": "Northland and Southland are both parties.",
        "article": "Article 1",
        "article_url": "#article-1",
        "basis": "read",
    },
    {
        "rule": "AGR-2",
        "holds": False,
        "because": "Signed on 13 August 2024; entry into force is unknown.",
        "article": "Article 20",
        "article_url": "",
        "basis": "assumed from a model",
    },
)
WAYS: tuple[dict[str, str], ...] = (
    {"text": "the treaty custodian confirms that NL-SL-2024 is in force", "url": "#confirm"},
    {"text": "Southland consents in writing before the use", "url": ""},
)
CLAIMS: tuple[dict[str, object], ...] = (
    {
        "what": "Signed",
        "value": "13 August 2024",
        "source": "Southland's official journal",
        "source_url": "https://southland.example/journal/41",
        "read_on": "2 May 2026",
        "confidence": "high",
        "conflicts": False,
    },
    {
        "what": "In force",
        "value": "",
        "source": "Northland's list of treaties",
        "confidence": "low",
        "conflicts": True,
    },
)
TIMELINE: tuple[dict[str, str], ...] = (
    {"when": "13 August 2024", "what": "Signed", "who": "both administrations"},
    {
        "when": "1 March 2025",
        "what": "Notified by Northland",
        "article": "Article 20(1)",
        "url": "#proof",
        "who": "treaty custodian",
    },
    {"when": "31 March 2027", "what": "Review due", "tone": "future"},
)
CONDITIONS: tuple[str, ...] = (
    "Until 3 March 2027, for customs matters.",
    "In a customs penalty case: yes, but tell Southland first.",
)
CELLS: tuple[dict[str, str], ...] = (
    {"code": "FR", "name": "France", "verdict": "permitted", "word": "Permitted"},
    {"code": "NO", "name": "Norway", "verdict": "person-must-decide", "word": "A person"},
    {"code": "TW", "name": "Taiwan", "verdict": "prior-consent", "word": "Consent"},
    {"code": "SG", "name": "Singapore", "verdict": "no-known-basis", "word": "Unknown"},
)
