# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.sealing.short_secrets import (
    OVERHEAD,
    SecretUnreadableError,
    derived_key,
    seal_bytes,
    seal_text,
    unseal_bytes,
    unseal_text,
)

KEY = b"the master key of a node that exists in tests only"


@given(st.text(), st.text(min_size=1))
def test_a_sealed_text_opens_again(text, purpose):
    sealed = seal_text(text, key=KEY, purpose=purpose)

    assert unseal_text(sealed, key=KEY, purpose=purpose) == text


def test_the_same_text_is_never_sealed_alike():
    assert seal_text("JBSW", key=KEY, purpose="x") != seal_text("JBSW", key=KEY, purpose="x")


def test_the_text_cannot_be_read_from_what_is_stored():
    assert "JBSWY3DPEHPK3PXP" not in seal_text("JBSWY3DPEHPK3PXP", key=KEY, purpose="x")


@pytest.mark.parametrize(
    ("key", "purpose"), [(b"another key of another node altogether", "x"), (KEY, "y")]
)
def test_another_key_or_another_purpose_opens_nothing(key, purpose):
    sealed = seal_text("JBSW", key=KEY, purpose="x")

    with pytest.raises(SecretUnreadableError):
        unseal_text(sealed, key=key, purpose=purpose)


@given(st.text())
def test_what_was_never_sealed_is_refused(text):
    with pytest.raises(SecretUnreadableError):
        unseal_text(text, key=KEY, purpose="x")


@given(st.integers(0, 10_000))
def test_a_changed_letter_is_noticed(place):
    sealed = seal_text("JBSWY3DPEHPK3PXP", key=KEY, purpose="x")
    place %= len(sealed)
    changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]

    with pytest.raises(SecretUnreadableError):
        unseal_text(changed, key=KEY, purpose="x")


@given(st.binary(max_size=300), st.text(min_size=1))
def test_sealed_bytes_open_again_and_are_longer_by_the_same(content, purpose):
    sealed = seal_bytes(content, key=KEY, purpose=purpose)

    assert unseal_bytes(sealed, key=KEY, purpose=purpose) == content
    assert len(sealed) == len(content) + OVERHEAD


@pytest.mark.parametrize(
    ("key", "purpose"), [(b"another key of another node altogether", "x"), (KEY, "y")]
)
def test_another_key_or_another_purpose_opens_no_bytes(key, purpose):
    sealed = seal_bytes(b"JBSW", key=KEY, purpose="x")

    with pytest.raises(SecretUnreadableError):
        unseal_bytes(sealed, key=key, purpose=purpose)


@given(st.data())
def test_a_changed_bit_of_sealed_bytes_is_noticed(data):
    sealed = bytearray(seal_bytes(b"JBSWY3DPEHPK3PXP", key=KEY, purpose="x"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(SecretUnreadableError):
        unseal_bytes(bytes(sealed), key=KEY, purpose="x")


@given(st.binary(max_size=60))
def test_bytes_that_were_never_sealed_are_refused(content):
    with pytest.raises(SecretUnreadableError):
        unseal_bytes(content, key=KEY, purpose="x")


def test_keys_of_different_purposes_have_nothing_in_common():
    assert derived_key(KEY, "one") != derived_key(KEY, "other")
    assert len(derived_key(KEY, "one")) == 32
