# SPDX-License-Identifier: Apache-2.0
"""Whoever looks after the machine administers the seal from the shell."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from comity import cli
from comity.evidence.services import seals
from comity.sealing.seal_certificates import read_seal_certificates
from tests.support.pilot_seals import make_pilot
from tests.support.trust_service import trust_service

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("evidence_home")]
Captured = pytest.CaptureFixture[str]


def answer(capsys: Captured, *words: str | Path) -> tuple[int, str]:
    code = cli.main(["evidence", "seal", *map(str, words)])
    return code, capsys.readouterr().out


def test_a_new_node_shows_that_its_seal_and_stamps_are_pilot_ones(capsys: Captured) -> None:
    code, said = answer(capsys, "show")
    assert code == 0
    assert "PILOT seal" in said
    assert "built-in PILOT authority" in said
    code, said = answer(capsys, "show", "--json")
    assert json.loads(said)["pilot"] is True
    code, said = answer(capsys, "show", "--anchors")
    assert all(each.self_issued for each in read_seal_certificates(said.encode()))


def test_a_request_goes_to_a_trust_service_and_its_chain_comes_back(
    capsys: Captured, tmp_path: Path
) -> None:
    request, chain = tmp_path / "seal.csr", tmp_path / "chain.pem"
    names = ("--country", "XN", "--organisation", "Northland Customs")
    assert answer(capsys, "request", request, *names)[0] == 0
    chain.write_bytes(trust_service().issued(request.read_bytes()))
    code, said = answer(capsys, "take", chain, "--json")
    told = json.loads(said)
    assert (code, told["pilot"]) == (0, False)
    assert "Northland Customs" in told["subject"]
    lists = tmp_path / "lists.pem"
    lists.write_bytes(trust_service().list_of_revoked())
    assert answer(capsys, "take", "--lists", lists) == (
        0,
        "Took in 1 revocation lists of authorities that stand behind the seal.\n",
    )
    assert answer(capsys, "revoke", told["fingerprint"])[0] == 0
    assert json.loads(answer(capsys, "show", "--json")[1])["pilot"] is True


def test_a_partners_root_is_trusted_and_ended_by_its_fingerprint(
    capsys: Captured, tmp_path: Path
) -> None:
    root, file = make_pilot(holder="XS").root, tmp_path / "root.pem"
    file.write_bytes(root.pem)
    assert answer(capsys, "trust", "XS", "0" * 64, "--file", file)[0] == 2
    code, said = answer(capsys, "trust", "XS", root.fingerprint, "--file", file, "--json")
    assert (code, json.loads(said)["state"]) == (0, "trusted")
    assert root.fingerprint in answer(capsys, "show")[1]
    code, said = answer(capsys, "trust", "XS", root.fingerprint[:20], "--end")
    assert (code, said) == (0, f"XS {root.fingerprint}: trusted no more.\n")


def test_stamps_are_renewed_and_written_for_whoever_holds_the_file(
    capsys: Captured, tmp_path: Path
) -> None:
    sealed = seals.seal_files({"package.json": b"{}"}, at=datetime.now(UTC))
    (tmp_path / "sealed.xml").write_bytes(sealed.content)
    code, said = answer(capsys, "stamps", "--renew")
    assert (code, said) == (0, "No stamp ends within 365 days.\n")
    code, said = answer(capsys, "stamps", "--renew", "--days", "4000", "--json")
    assert (code, json.loads(said)["documents"]) == (0, 1)
    named = ("stamps", "--renewals-of", tmp_path / "sealed.xml", "--to", tmp_path)
    assert answer(capsys, *named)[0] == 0
    assert (tmp_path / "renewal-001.json").exists()
    assert answer(capsys, "stamps", "--renewals-of", tmp_path / "no such file")[0] == 2
    assert answer(capsys, "stamps", "--built-in")[0] == 0
