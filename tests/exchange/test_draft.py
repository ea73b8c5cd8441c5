# SPDX-License-Identifier: Apache-2.0
"""Drafts, the names of their files, and what became of them."""

from __future__ import annotations

import pytest

from comity.exchange.draft import (
    DecisionNeededError,
    DecisionReasonMissingError,
    MessageRejectedError,
    Posted,
    checked_reason,
    file_name,
)
from comity.exchange.evidence import Reason
from comity.exchange.message_state import MessageState
from comity.exchange.note import Half, NoteUnreadableError, read_half, read_note


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\list.xlsx", "list.xlsx"),
        ("line\nbreak\x00.txt", "linebreak.txt"),
        ("..", "file"),
        ("", "file"),
        ("é" * 300, "é" * 200),
    ],
)
def test_a_files_name_is_for_people_and_never_a_path(given, kept):
    assert file_name(given) == kept


def test_what_was_accepted_is_given_back():
    posted = Posted("XS", MessageState.QUEUED, "MSG-00001")
    assert posted.accepted
    assert posted.require() is posted


def test_what_waits_for_a_person_or_was_rejected_is_an_error_for_programs():
    with pytest.raises(DecisionNeededError):
        Posted("XS", None).require()
    with pytest.raises(MessageRejectedError) as error:
        Posted("XS", MessageState.REJECTED, "MSG-00001", reason=Reason("too-large")).require()
    assert "it is larger than the ceiling" in str(error.value)
    assert "ceiling" in error.value.advice()


def test_a_decision_says_why():
    assert checked_reason("  because the minister agreed ") == "because the minister agreed"
    with pytest.raises(DecisionReasonMissingError):
        checked_reason("because")


def test_a_note_has_a_subject():
    assert read_note({"subject": "Good day", "x-later": 1}).subject == "Good day"
    for body in ({}, {"subject": " "}, {"subject": 1}, {"subject": "x" * 301}):
        with pytest.raises(NoteUnreadableError):
            read_note(body)


def test_a_test_is_a_question_or_an_answer():
    assert read_half({"test": "answer"}) is Half.ANSWER
    for body in ({}, {"test": "riddle"}, {"test": ["answer"]}):
        with pytest.raises(NoteUnreadableError):
            read_half(body)
