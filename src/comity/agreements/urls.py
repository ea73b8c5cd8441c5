# SPDX-License-Identifier: Apache-2.0
"""Addresses of the register's pages, under /agreements/."""

from __future__ import annotations

from django.urls import path

from comity.agreements.pages import (
    assessing,
    comparing,
    confirming,
    coverage,
    proposing,
    reading,
    ruling,
)

app_name = "agreements"

READING = [
    path("", reading.register_list, name="register"),
    path("register.csv", reading.register_export, {"form": "csv"}, name="register-csv"),
    path("register.json", reading.register_export, {"form": "json"}, name="register-json"),
    path("register.yaml", reading.register_export, {"form": "yaml"}, name="register-yaml"),
    path("instruments/<slug:reference>/", reading.instrument, name="instrument"),
    *(
        path(
            f"instruments/<slug:reference>.{form}",
            reading.instrument_export,
            {"form": form},
            name=f"instrument-{form}",
        )
        for form in ("csv", "json", "yaml")
    ),
    path("partners/<slug:code>/", reading.partner, name="partner"),
    path("models/", reading.models, name="models"),
    path("compare/", comparing.compare, name="compare"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage/coverage.csv", coverage.coverage_csv, name="coverage-csv"),
    path("coverage/coverage.json", coverage.coverage_json, name="coverage-json"),
]

ASSESSING = [
    path("ask/", assessing.assess, name="assess"),
    path("ask/why/", assessing.assess_why, name="assess-why"),
    path("ask/keep/", assessing.keep, name="assess-keep"),
    path("assessments/", assessing.assessments, name="assessments"),
    path("assessments/<slug:reference>/", assessing.assessment, name="assessment"),
]

CONFIRMING = [
    path("confirmations/", confirming.confirmations, name="confirmations"),
    path("confirmations/export/", confirming.export, name="overlay-export"),
    path("confirmations/work/", confirming.work_through, name="work-through"),
    path("confirmations/work/<slug:at>/", confirming.work_through, name="work-on"),
    path("confirmations/review/", confirming.to_review, name="to-review"),
    path("confirmations/countersign/", confirming.to_countersign, name="to-countersign"),
    path("confirmations/new/force/", confirming.draft, {"subject": "force"}, name="confirm-force"),
    path(
        "confirmations/new/provision/",
        confirming.draft,
        {"subject": "provision"},
        name="confirm-provision",
    ),
    path("confirmations/<slug:reference>/", confirming.confirmation, name="confirmation"),
    path("confirmations/<slug:reference>/countersign/", confirming.countersign, name="countersign"),
    path("confirmations/<slug:reference>/refuse/", confirming.refuse, name="refuse"),
    path("confirmations/<slug:reference>/withdraw/", confirming.withdraw, name="withdraw"),
    path("confirmations/<slug:reference>/statement/", confirming.statement, name="statement"),
]

RULING = [
    path("rulings/", ruling.rulings, name="rulings"),
    path("rulings/new/", ruling.rule, name="rule"),
    path("rulings/<slug:reference>/", ruling.ruling, name="ruling"),
    path("rulings/<slug:reference>/countersign/", ruling.countersign, name="countersign-ruling"),
    path("rulings/<slug:reference>/refuse/", ruling.refuse, name="refuse-ruling"),
    path("rulings/<slug:reference>/withdraw/", ruling.withdraw, name="withdraw-ruling"),
    path("attestations/", ruling.attestations, name="attestations"),
    path("attestations/new/", ruling.attest, name="attest"),
    path(
        "attestations/<slug:reference>/withdraw/",
        ruling.withdraw_attestation,
        name="withdraw-attestation",
    ),
]

PROPOSING = [
    path("proposals/", proposing.proposals, name="proposals"),
    path("proposals/new/<slug:kind>/", proposing.propose, name="propose"),
    path("proposals/<slug:reference>/", proposing.proposal, name="proposal"),
    path("proposals/<slug:reference>/decide/", proposing.decide, name="decide"),
]

urlpatterns = [*READING, *ASSESSING, *CONFIRMING, *RULING, *PROPOSING]
