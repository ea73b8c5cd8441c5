# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import base64
import hashlib
import subprocess
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.sealing.checkpoint import (
    Checkpoint,
    CheckpointUnreadableError,
    CheckpointUntrustedError,
    NoteKey,
    NoteUntrustedError,
    cosign,
    read_checkpoint,
    read_note_key,
    sign_checkpoint,
    verify_checkpoint,
    verify_cosignature,
    verify_note,
)
from comity.sealing.keys import SigningKey

ORIGIN = "northland.example/journal"
KEY = SigningKey.from_seed(bytes(range(32)))
NOTE_KEY = NoteKey(ORIGIN, KEY.public)
ROOT = hashlib.sha256(b"root").digest()
NOTE = sign_checkpoint(Checkpoint(ORIGIN, 42, ROOT), KEY)

# Published by the Go project: the documentation of golang.org/x/mod/sumdb/note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = """\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""  # noqa: E501
# Published by sum.golang.org, a public log: its key and one of its tree heads.
SUM_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
SUM_NOTE = """\
go.sum database tree
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— sum.golang.org Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""  # noqa: E501


def test_a_published_note_of_another_implementation_verifies():
    text = verify_note(GO_NOTE, [read_note_key(GO_KEY)])

    assert text.startswith("If you think")
    assert text.endswith("problem is.\n")


def test_a_published_checkpoint_of_a_public_log_verifies():
    checkpoint = verify_checkpoint(SUM_NOTE, [read_note_key(SUM_KEY)])

    assert (checkpoint.origin, checkpoint.size) == ("go.sum database tree", 20852163)


def test_a_verifier_key_reads_back_as_it_was_written():
    assert read_note_key(SUM_KEY).text == SUM_KEY
    assert read_note_key(NOTE_KEY.text).text == NOTE_KEY.text
    assert read_note_key(NOTE_KEY.text).key.raw == KEY.public.raw


def test_a_checkpoint_is_written_line_by_line_as_specified():
    lines = NOTE.split("\n")

    assert lines[:4] == [ORIGIN, "42", base64.b64encode(ROOT).decode(), ""]
    assert lines[4].startswith(f"— {ORIGIN} ")
    assert lines[5:] == [""]


def test_openssl_verifies_the_signature_of_a_checkpoint(openssl, tmp_path):
    KEY.public.save(tmp_path / "key.pem")
    text, _, line = NOTE.rpartition("\n\n")
    decoded = base64.b64decode(line.split(" ")[2])
    named = ORIGIN.encode() + b"\n\x01" + KEY.public.raw
    (tmp_path / "text").write_bytes(text.encode() + b"\n")
    (tmp_path / "signature").write_bytes(decoded[4:])

    run = subprocess.run(
        [
            *(openssl, "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", tmp_path / "key.pem"),
            *("-in", tmp_path / "text", "-sigfile", tmp_path / "signature"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "Signature Verified Successfully" in run.stdout
    assert decoded[:4] == hashlib.sha256(named).digest()[:4]


@given(size=st.integers(0, 2**62), root=st.binary(min_size=32, max_size=32))
def test_what_was_signed_is_what_verifies(size, root):
    signed = Checkpoint(ORIGIN, size, root)

    assert verify_checkpoint(sign_checkpoint(signed, KEY), [NOTE_KEY]) == signed


@given(st.data())
def test_no_changed_letter_verifies_as_another_checkpoint(data):
    position = data.draw(st.integers(0, len(NOTE) - 1))
    letter = data.draw(st.characters(min_codepoint=0x20, max_codepoint=0x7E))
    changed = NOTE[:position] + letter + NOTE[position + 1 :]

    try:
        checkpoint = verify_checkpoint(changed, [NOTE_KEY])
    except (CheckpointUntrustedError, CheckpointUnreadableError):
        assert changed != NOTE
    else:
        assert checkpoint == read_checkpoint(NOTE)


def test_signatures_of_unknown_keys_are_skipped_and_do_not_suffice():
    witness = SigningKey.from_seed(bytes(32))
    witnessed = NOTE + sign_checkpoint(read_checkpoint(NOTE), witness).rpartition("\n\n")[2]

    assert verify_checkpoint(witnessed, [NOTE_KEY]).size == 42
    with pytest.raises(CheckpointUntrustedError, match="no known key signed it"):
        verify_checkpoint(NOTE, [NoteKey(ORIGIN, witness.public)])


def test_one_bad_signature_of_a_known_key_spoils_the_note():
    broken = base64.b64encode(NOTE_KEY.key_id + bytes(64)).decode()

    with pytest.raises(CheckpointUntrustedError, match="does not fit"):
        verify_checkpoint(f"{NOTE}— {ORIGIN} {broken}\n", [NOTE_KEY])
    with pytest.raises(NoteUntrustedError):
        verify_note(GO_NOTE.replace("answer", "question"), [read_note_key(GO_KEY)])


def test_extension_lines_are_signed_and_otherwise_ignored():
    text = f"{ORIGIN}\n42\n{base64.b64encode(ROOT).decode()}\nextension\n"
    signature = base64.b64encode(NOTE_KEY.key_id + KEY.sign(text.encode())).decode()
    note = f"{text}\n— {ORIGIN} {signature}\n"

    assert verify_checkpoint(note, [NOTE_KEY]).root == ROOT
    with pytest.raises(CheckpointUntrustedError):
        verify_checkpoint(note.replace("extension", "expansion"), [NOTE_KEY])


@pytest.mark.parametrize(
    "note",
    [
        "",
        NOTE.rstrip("\n"),
        NOTE.replace("\n42\n", "\n042\n"),
        NOTE.replace("\n42\n", "\n-1\n"),
        NOTE.replace("\n42\n", "\n٤٢\n"),
        NOTE.replace("\n42\n", "\n42 \n"),
        NOTE.replace("— ", "- "),
        NOTE.replace(ORIGIN, ORIGIN + "\r", 1),
        NOTE.replace("\n42\n", "\n"),
        NOTE.partition("\n\n")[0] + "\n\n— a AAAA\n",
    ],
)
def test_what_is_not_of_the_format_is_not_read(note):
    with pytest.raises(CheckpointUnreadableError):
        read_checkpoint(note)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak"])
def test_a_key_name_has_no_space_and_no_plus(name):
    with pytest.raises(CheckpointUnreadableError):
        NoteKey(name, KEY.public)


@pytest.mark.parametrize(
    "text", ["", "name", SUM_KEY.replace("033de0ae", "033de0af"), "n+00000000+AgAA", "n+0+AQAA"]
)
def test_a_verifier_key_that_does_not_hold_together_is_refused(text):
    with pytest.raises(CheckpointUnreadableError):
        read_note_key(text)


COSIGNED_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
WITNESS = NoteKey("southland.example/journal", SigningKey.from_seed(b"w" * 32).public)


def cosigned() -> str:
    note = sign_checkpoint(Checkpoint(ORIGIN, 3, bytes(32)), KEY)
    return cosign(note, SigningKey.from_seed(b"w" * 32), name=WITNESS.name, at=COSIGNED_AT)


def test_a_witness_says_what_it_saw_and_when():
    found = verify_cosignature(cosigned(), [WITNESS])
    assert found.checkpoint == Checkpoint(ORIGIN, 3, bytes(32))
    assert (found.witness, found.at) == (WITNESS.name, COSIGNED_AT)


def test_a_cosigned_checkpoint_still_bears_its_logs_own_signature():
    assert verify_checkpoint(cosigned(), [NOTE_KEY]).size == 3


def test_openssl_verifies_a_cosignature_built_line_by_line_as_specified(openssl, tmp_path):
    text, line = cosigned().rpartition("\n\n")[0] + "\n", cosigned().splitlines()[-1]
    body = base64.b64decode(line.rpartition(" ")[2])
    (tmp_path / "signed").write_text(
        f"cosignature/v1\ntime {int(COSIGNED_AT.timestamp())}\n{text}", "utf-8"
    )
    assert (
        body[:4] == hashlib.sha256(WITNESS.name.encode() + b"\n\x04" + WITNESS.key.raw).digest()[:4]
    )
    assert int.from_bytes(body[4:12], "big") == int(COSIGNED_AT.timestamp())
    (tmp_path / "signature").write_bytes(body[12:])
    (tmp_path / "key.pem").write_bytes(WITNESS.key.pem)
    run = subprocess.run(
        [
            *(openssl, "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", tmp_path / "key.pem"),
            *("-in", tmp_path / "signed", "-sigfile", tmp_path / "signature"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Signature Verified Successfully" in run.stdout


@given(st.data())
def test_no_changed_letter_of_a_cosigned_note_verifies_as_another(data):
    note = cosigned()
    place = data.draw(st.integers(0, len(note) - 1))
    letter = data.draw(st.sampled_from("A0+= \n—z"))
    changed = note[:place] + letter + note[place + 1 :]
    try:
        found = verify_cosignature(changed, [WITNESS])
    except (CheckpointUnreadableError, CheckpointUntrustedError):
        return
    assert found == verify_cosignature(note, [WITNESS])


def test_a_cosignature_by_a_stranger_does_not_suffice():
    stranger = NoteKey(WITNESS.name, SigningKey.from_seed(b"x" * 32).public)
    with pytest.raises(CheckpointUntrustedError):
        verify_cosignature(cosigned(), [stranger])


def test_the_logs_own_signature_does_not_pass_for_a_cosignature():
    with pytest.raises(CheckpointUntrustedError):
        verify_cosignature(sign_checkpoint(Checkpoint(ORIGIN, 3, bytes(32)), KEY), [NOTE_KEY])
