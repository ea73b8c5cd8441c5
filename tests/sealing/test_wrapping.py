# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.sealing.keys import DecryptionKey
from comity.sealing.wrapping import (
    SUITES,
    WrappingBrokenError,
    open_document,
    seal_document,
    unwrap,
    wrap,
)

OURS = DecryptionKey.from_seed(bytes(range(32)))
ANOTHER = DecryptionKey.from_seed(bytes(range(1, 33)))
KEY = bytes(range(32))


@pytest.mark.parametrize("suite", SUITES)
def test_wrapped_keys_open_for_the_recipient(suite):
    wrapped = wrap(KEY, OURS.public, bound_to=b"header", suite=suite)

    assert unwrap(wrapped, OURS, bound_to=b"header", suite=suite) == KEY


def test_wrapped_keys_open_for_nobody_else_and_beside_nothing_else():
    wrapped = wrap(KEY, OURS.public, bound_to=b"header")

    with pytest.raises(WrappingBrokenError):
        unwrap(wrapped, ANOTHER, bound_to=b"header")
    with pytest.raises(WrappingBrokenError):
        unwrap(wrapped, OURS, bound_to=b"another header")


@given(st.binary(max_size=120))
def test_what_nobody_wrapped_is_refused(wrapped):
    with pytest.raises(WrappingBrokenError):
        unwrap(wrapped, OURS, bound_to=b"")


@given(st.binary(max_size=100), st.data())
def test_a_sealed_document_opens_unless_a_byte_was_altered(document, data):
    sealed = seal_document(document, KEY, bound_to=b"header")
    altered = bytearray(sealed)
    altered[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))

    assert open_document(sealed, KEY, bound_to=b"header") == document
    with pytest.raises(WrappingBrokenError):
        open_document(bytes(altered), KEY, bound_to=b"header")


@given(st.binary(max_size=15))
def test_less_than_a_tag_is_no_document(sealed):
    with pytest.raises(WrappingBrokenError):
        open_document(sealed, KEY, bound_to=b"")
