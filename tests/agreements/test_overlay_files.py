# SPDX-License-Identifier: Apache-2.0
from datetime import date

import pytest

from comity.agreements.overlay import ConfirmedSubject, Corroboration, Overlay
from comity.agreements.overlay_files import (
    BrokenStatementError,
    DuplicateStatementError,
    OverlayFileMissingError,
    OverlayFileUnusableError,
    next_reference,
    overlay_text,
    read_overlay,
    read_overlay_or_empty,
    with_statement,
    write_overlay,
)
from comity.reference.taxonomy import FormOfAssistance, Purpose, UseRule
from comity.reference.yaml_files import DataFileError
from tests.agreements.test_confirmation import attestation, ruling
from tests.support.agreements import force_confirmation

WHOLE = Overlay(
    confirmations=(
        force_confirmation(),
        force_confirmation(
            reference="CNF-2024-002",
            subject=ConfirmedSubject.PROVISION,
            in_force_from=None,
            article="3(2)",
            forms=(FormOfAssistance.ORIGINALS,),
            use_rules=((Purpose.CRIMINAL_EVIDENCE, UseRule.PRIOR_CONSENT),),
            suspended_on=date(2024, 3, 5),
            suspension_note="Southland objects",
        ),
    ),
    rulings=(ruling(conditions=("Tell Southland first",)),),
    attestations=(attestation(),),
    corroborations=(
        Corroboration(
            confirmation="CNF-2024-001",
            partner="XS",
            citation="Gazette 14",
            published_on=date(2024, 3, 1),
            agrees=False,
            recorded_on=date(2024, 3, 5),
        ),
    ),
)


def test_an_overlay_written_is_read_back_the_same(tmp_path):
    file = tmp_path / "ours.yaml"

    write_overlay(file, WHOLE)

    assert read_overlay(file) == WHOLE
    assert [path.name for path in tmp_path.iterdir()] == ["ours.yaml"]


def test_an_empty_file_is_an_empty_overlay(tmp_path):
    (tmp_path / "ours.yaml").write_text("")

    assert read_overlay(tmp_path / "ours.yaml") == Overlay()


def test_a_file_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(OverlayFileMissingError, match=r"ours\.yaml"):
        read_overlay(tmp_path / "ours.yaml")

    assert read_overlay_or_empty(tmp_path / "ours.yaml") == Overlay()
    assert read_overlay_or_empty(None) == Overlay()


def test_a_file_that_is_no_text_or_cannot_be_written_is_named(tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(OverlayFileUnusableError, match="UTF-8"):
        read_overlay(file)
    with pytest.raises(OverlayFileUnusableError, match="No such file"):
        write_overlay(tmp_path / "nowhere" / "ours.yaml", WHOLE)


FAULTS = {
    "reference: CNF-2024-001": ("reference: ''", 2),
    "evidence: note-verbale": ("evidence: news", 5),
    "subject: force": ("subject: peace", 4),
    "in_force_from: '2021-03-15'": ("in_force_from: 15 March", 11),
    "review_by: '2026-02-01'": ("review_by: '2036-02-01'", 2),
    "countersigned_by: OFF-ADVISER": ("countersigned_by: OFF-CUSTODIAN", 2),
    "citation: Note 12/2021": ("citations: Note 12/2021", 6),
}


@pytest.mark.parametrize("right", FAULTS)
def test_a_fault_is_refused_with_its_file_and_line(tmp_path, right):
    wrong, line = FAULTS[right]
    text = overlay_text(Overlay(confirmations=(force_confirmation(),)))
    assert right in text
    file = tmp_path / "ours.yaml"
    file.write_text(text.replace(right, wrong))

    with pytest.raises(DataFileError) as refused:
        read_overlay(file)

    assert str(refused.value).startswith(f"{file}, line {line}: ")


def test_an_unknown_code_is_refused_with_the_nearest_ones(tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_text(overlay_text(Overlay(rulings=(ruling(),))).replace("INFO_OFFENCE", "OFFENSE"))

    with pytest.raises(BrokenStatementError) as refused:
        read_overlay(file)

    assert "INFO_OFFENCE" in refused.value.advice()


def test_two_statements_of_one_reference_are_refused(tmp_path):
    doubled = overlay_text(Overlay(confirmations=(force_confirmation(), force_confirmation())))
    (tmp_path / "ours.yaml").write_text(doubled)

    with pytest.raises(BrokenStatementError, match="CNF-2024-001 already"):
        read_overlay(tmp_path / "ours.yaml")
    with pytest.raises(DuplicateStatementError):
        with_statement(WHOLE, force_confirmation())


def test_a_two_person_unit_reads_its_own_file(tmp_path):
    alone = force_confirmation(countersigned_by="OFF-CUSTODIAN")
    write_overlay(tmp_path / "ours.yaml", Overlay(confirmations=(alone,)))

    read = read_overlay(tmp_path / "ours.yaml", two_person_unit=True)

    assert read.confirmations == (alone,)


def test_the_next_reference_is_the_first_free_one_of_the_year():
    assert next_reference(WHOLE, "CNF", date(2024, 5, 1)) == "CNF-2024-003"
    assert next_reference(WHOLE, "CNF", date(2025, 5, 1)) == "CNF-2025-001"
