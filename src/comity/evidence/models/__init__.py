# SPDX-License-Identifier: Apache-2.0
"""The tables of evidence, by concern: columns and constraints; every write goes through services.

What a person wrote stands in `sealed` columns alone, encrypted with the item's or the node's key.
"""

from __future__ import annotations

from comity.evidence.models.certified_copies import CertifiedCopy
from comity.evidence.models.custody import Alarm, CustodyEvent, HandOver
from comity.evidence.models.decisions import (
    DecidedItem,
    Decision,
    HandlingCeiling,
    PersonDecision,
    WithdrawnChannel,
)
from comity.evidence.models.duties import Duty
from comity.evidence.models.intake import Examination, PageImage
from comity.evidence.models.items import (
    CaseFile,
    Channel,
    Claim,
    Derivation,
    Item,
    ItemKey,
    StoredContent,
)
from comity.evidence.models.lifetime import (
    Assurance,
    Correction,
    DestructionEntry,
    DestructionList,
    Disclosure,
    Flag,
    LegalHold,
    Narrowing,
    Subject,
    SubjectItem,
)
from comity.evidence.models.recalls import Recall, RecallHolder
from comity.evidence.models.seals import (
    RenewalRound,
    RenewedDocument,
    SealCertificate,
    SealedDocument,
    SealKey,
    SealRevocationList,
    SealStamp,
    StampCounter,
    StampSetting,
    TrustedRoot,
)
from comity.evidence.models.statements import (
    Package,
    PackagedItem,
    PackingOrder,
    Redaction,
    SealedStatement,
    StatedItem,
)
from comity.evidence.models.uses import Consent, CourtRuling, Use, UseNotice
from comity.evidence.models.words import ItemWord

__all__ = [
    "Alarm",
    "Assurance",
    "CaseFile",
    "CertifiedCopy",
    "Channel",
    "Claim",
    "Consent",
    "Correction",
    "CourtRuling",
    "CustodyEvent",
    "DecidedItem",
    "Decision",
    "Derivation",
    "DestructionEntry",
    "DestructionList",
    "Disclosure",
    "Duty",
    "Examination",
    "Flag",
    "HandOver",
    "HandlingCeiling",
    "Item",
    "ItemKey",
    "ItemWord",
    "LegalHold",
    "Narrowing",
    "Package",
    "PackagedItem",
    "PackingOrder",
    "PageImage",
    "PersonDecision",
    "Recall",
    "RecallHolder",
    "Redaction",
    "RenewalRound",
    "RenewedDocument",
    "SealCertificate",
    "SealKey",
    "SealRevocationList",
    "SealStamp",
    "SealedDocument",
    "SealedStatement",
    "StampCounter",
    "StampSetting",
    "StatedItem",
    "StoredContent",
    "Subject",
    "SubjectItem",
    "TrustedRoot",
    "Use",
    "UseNotice",
    "WithdrawnChannel",
]
