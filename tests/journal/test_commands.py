# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json

import pytest

from comity.cli import main
from comity.journal import queries, services
from tests.journal.conftest import CUSTODIAN, NOON

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("key_folder")]


@pytest.fixture
def sequences() -> list[int]:
    """Three acts, signed."""
    made = [
        services.record("seen", f"REQ-NL-{number}", by=CUSTODIAN, at=NOON).sequence
        for number in (1, 2, 3)
    ]
    services.checkpoint(at=NOON)
    return made


def test_the_nodes_own_journal_verifies_with_its_signatures(sequences, capsys):
    assert main(["journal", "verify", "--json"]) == 0

    report = json.loads(capsys.readouterr().out)
    assert (report["holds"], report["entries"]) == (True, sequences[-1])
    assert report["signatures_checked"]


def test_an_export_and_the_keys_verify_elsewhere(sequences, tmp_path, capsys):
    assert main(["journal", "keys"]) == 0
    (tmp_path / "public").write_text(capsys.readouterr().out)

    assert main(["journal", "export", "--to", f"{tmp_path}/journal.jsonl", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    code = main(["journal", "verify", f"{tmp_path}/journal.jsonl", "--key", f"{tmp_path}/public"])

    assert told["entries"] == sequences[-1]
    assert code == 0


def test_an_export_never_replaces_a_file(sequences, tmp_path, capsys):
    (tmp_path / "file").write_text("precious")

    assert main(["journal", "export", "--to", f"{tmp_path}/file", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["type"] == "journal-export-not-written"
    assert (tmp_path / "file").read_text() == "precious"


def test_an_export_to_the_terminal_is_the_same(sequences, tmp_path, capsys):
    main(["journal", "export"])
    shown = capsys.readouterr().out
    main(["journal", "export", "--to", f"{tmp_path}/file"])

    assert (tmp_path / "file").read_text("utf-8") == shown


def test_a_printed_proof_checks(sequences, tmp_path, capsys):
    main(["journal", "keys"])
    (tmp_path / "public").write_text(capsys.readouterr().out)

    assert main(["journal", "proof", str(sequences[1])]) == 0
    (tmp_path / "proof.json").write_text(capsys.readouterr().out)

    checked = ["journal", "check-proof", f"{tmp_path}/proof.json", "--key", f"{tmp_path}/public"]
    assert main(checked) == 0
    assert main(["journal", "proof", str(sequences[1]), "--tlog"]) == 0
    assert "c2sp.org/tlog-proof@v1" in capsys.readouterr().out


def test_an_entry_after_the_last_checkpoint_has_no_proof_yet(sequences, capsys):
    later = services.record("seen", "REQ-NL-4", by=CUSTODIAN, at=NOON).sequence

    assert main(["journal", "proof", str(later), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["type"] == "journal-entry-not-yet-proved"

    assert main(["journal", "checkpoint", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["size"] == later
    assert main(["journal", "proof", str(later), "--json"]) == 0


def test_an_unknown_entry_is_misuse(sequences, capsys):
    assert main(["journal", "proof", str(sequences[-1] + 1000), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["type"] == "unknown-journal-entry"


def test_a_journal_changed_in_the_database_is_refused_with_exit_code_one(sequences, capsys):
    from tests.journal.test_services import tamper

    tamper("UPDATE journal_entry SET act = 'other' WHERE sequence = %s", [sequences[1]])

    assert main(["journal", "verify", "--json"]) == 1
    broken = json.loads(capsys.readouterr().out)["broken_at"]
    assert broken["sequence"] == sequences[1]
    assert queries.verify_all().broken_at.sequence == sequences[1]


def test_the_signing_key_is_changed_on_record_and_only_when_the_old_one_is_away(
    sequences, key_folder, capsys
):
    assert main(["journal", "new-key", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["type"] == "key-file-exists"

    (key_folder / queries.SIGNING_KEY).rename(key_folder / "away.pem")
    assert main(["journal", "new-key"]) == 0
    assert main(["journal", "checkpoint"]) == 0

    assert queries.verify_all(queries.trusted_keys()).holds
    assert queries.entry(sequences[-1] + 1).act == "journal-key-changed"
    assert len(queries.trusted_keys()) == 2
