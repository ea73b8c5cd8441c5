# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json

import pytest

from comity.cli import main
from comity.journal.export import export_lines
from comity.journal.proof import Proof
from comity.sealing.merkle import Tree, inclusion_proof, leaf_hash
from tests.journal.conftest import NOTE_KEY, made_entries, signed
from tests.journal.test_chain import made_with_other_facts

ENTRIES = made_entries(9)


@pytest.fixture
def folder(tmp_path):
    """An export, the log's key, and a proof, as an auditor receives them."""
    lines = export_lines(ENTRIES, [signed(ENTRIES, 4), signed(ENTRIES, 9)])
    (tmp_path / "journal.jsonl").write_text("".join(lines), "utf-8")
    (tmp_path / "northland.keys").write_text(NOTE_KEY.text + "\n", "utf-8")
    tree = Tree(leaf_hash(entry.canonical()) for entry in ENTRIES)
    proof = Proof(ENTRIES[6], inclusion_proof(6, 9, tree.read), signed(ENTRIES, 9))
    (tmp_path / "proof.json").write_text(json.dumps(proof.as_dict()), "utf-8")
    return tmp_path


def change(path, old: str, new: str) -> None:
    content = path.read_text("utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), "utf-8")


def test_an_export_verifies_without_a_node(folder, capsys):
    code = main(
        ["journal", "verify", f"{folder}/journal.jsonl", "--key", f"{folder}/northland.keys"]
    )

    said = capsys.readouterr().out
    assert code == 0
    assert "9 entries and 2 checkpoints fit" in said
    assert ENTRIES[-1].digest.hex() in said
    assert "No key" not in said


def test_a_checkpoint_kept_elsewhere_finds_what_was_rewritten_with_its_checkpoints(folder, capsys):
    kept = folder / "kept.txt"
    kept.write_text(signed(ENTRIES, 6), "utf-8")
    words = ["journal", "verify", f"{folder}/journal.jsonl", "--checkpoint", str(kept)]
    assert main(words) == 0
    capsys.readouterr()

    rewritten = made_with_other_facts(ENTRIES)
    lines = export_lines(rewritten, [signed(rewritten, 9)])
    (folder / "journal.jsonl").write_text("".join(lines), "utf-8")

    assert main(words[:3]) == 0
    assert main([*words, "--json"]) == 1
    assert '"fault": "root"' in capsys.readouterr().out


def test_without_a_key_the_terminal_says_what_was_not_checked(folder, capsys):
    assert main(["journal", "verify", f"{folder}/journal.jsonl"]) == 0
    assert "No key was given" in capsys.readouterr().out


def test_the_first_entry_that_does_not_fit_is_named_with_both_digests(folder, capsys):
    change(folder / "journal.jsonl", "CNF-NL-2026-00003", "CNF-NL-2026-00033")

    code = main(["journal", "verify", f"{folder}/journal.jsonl", "--json"])

    broken = json.loads(capsys.readouterr().out)["broken_at"]
    assert code == 1
    assert (broken["sequence"], broken["fault"]) == (3, "digest")
    assert broken["found"] == ENTRIES[2].digest.hex()
    assert len(broken["expected"]) == 64


def test_a_changed_export_is_refused_in_words(folder, capsys):
    change(folder / "journal.jsonl", "CNF-NL-2026-00003", "CNF-NL-2026-00033")

    assert main(["journal", "verify", f"{folder}/journal.jsonl"]) == 1
    assert "sequence 3: the digest does not follow" in capsys.readouterr().out


def test_a_proof_is_checked_far_from_its_node(folder, capsys):
    words = ["journal", "check-proof", f"{folder}/proof.json", "--key", f"{folder}/northland.keys"]

    assert main(words) == 0
    assert "is entry 7 of northland.example/journal" in capsys.readouterr().out
    change(folder / "proof.json", "instrument-confirmed", "instrument-rejected")
    assert main([*words, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["type"] == "proof-broken"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "journal-export-unreadable"),
        ('{"format":"other"}\n', "journal-export-unreadable"),
        ("no json\n", "journal-entry-unreadable"),
        ('{"format":"comity-journal-export/1"}\n[]\n', "journal-entry-unreadable"),
        ('{"format":"comity-journal-export/1"}\n{"sequence":1}\n', "journal-entry-unreadable"),
    ],
)
def test_a_file_that_is_no_export_is_misuse(tmp_path, capsys, content, code):
    (tmp_path / "file").write_text(content, "utf-8")

    assert main(["journal", "verify", f"{tmp_path}/file", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["type"] == code


def test_a_missing_file_is_misuse(tmp_path, capsys):
    assert main(["journal", "verify", f"{tmp_path}/absent", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["type"] == "journal-file-unreadable"


def test_without_a_node_a_file_must_be_named(capsys):
    from comity.journal.terminal import JournalFileNeededError, verify_file

    class Words:
        file = None

    with pytest.raises(JournalFileNeededError):
        verify_file(Words())


def test_an_export_without_entries_verifies(tmp_path):
    (tmp_path / "empty").write_text("".join(export_lines([], [])), "utf-8")

    assert main(["journal", "verify", f"{tmp_path}/empty"]) == 0
