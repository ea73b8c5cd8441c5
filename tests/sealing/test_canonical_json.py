# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from comity.sealing.canonical_json import (
    NotCanonicalError,
    canonical,
    canonical_texts,
    read_canonical,
)

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def test_the_published_example_is_spelled_as_published():
    # RFC 8785, 3.2.2 and 3.2.4.
    given = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    expected = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )

    assert canonical(given).decode() == expected


def test_names_are_sorted_by_utf_16_as_published():
    # RFC 8785, 3.2.3.
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]

    spelled = json.loads(canonical(dict.fromkeys(names, 0)))

    assert list(spelled) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@pytest.mark.slow
@given(values)
def test_canonical_bytes_read_back_as_the_value_and_are_their_own_spelling(value):
    assert read_canonical(canonical(value)) == value
    assert canonical(read_canonical(canonical(value))) == canonical(value)


@pytest.mark.slow
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53) + 1, 2**53 - 1)
        | st.floats(allow_nan=False, allow_infinity=False)
        | texts,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.tuples(inner, inner)
            | st.dictionaries(texts | st.text("abcZ"), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_the_fast_way_and_the_library_spell_alike(value):
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [{1: 2}, {None: 1}, {"a": {3: 1}}, {"a": b"bytes"}, {"a": {1}}])
def test_what_json_does_not_have_is_refused(value):
    with pytest.raises(NotCanonicalError):
        canonical(value)


def test_a_list_that_holds_itself_is_refused():
    endless = []
    endless.append(endless)

    with pytest.raises(NotCanonicalError):
        canonical(endless)


@pytest.mark.slow
@given(st.dictionaries(texts, st.integers(0, 9), min_size=2))
def test_the_order_of_names_does_not_matter(members):
    assert canonical(dict(reversed(members.items()))) == canonical(members)


@pytest.mark.slow
@given(
    st.dictionaries(
        texts, texts | st.integers(0, 2**53 - 1) | st.dictionaries(texts, texts, max_size=4)
    )
)
def test_the_fast_spelling_of_texts_is_the_canonical_one(members):
    assert canonical_texts(members) == canonical(members)


def test_the_fast_spelling_takes_no_lone_surrogate_either():
    with pytest.raises(NotCanonicalError):
        canonical_texts({"value": "\ud800"})


@pytest.mark.parametrize("value", [2**53, -(2**53), float("nan"), float("inf"), "\ud800"])
def test_a_value_without_canonical_spelling_is_refused(value):
    with pytest.raises(NotCanonicalError):
        canonical({"value": value})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{ "a":1}',
        b'{"a":1.0}',
        b'{"a":9007199254740993}',
        b'{"a":-0}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"\\u00e9":1}',
        b'{"a":"\\ud800"}',
        b'{"a":' * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' + b"1" * 5000 + b"}",
        b'"\\u0041"',
        b"\xff",
    ],
)
def test_any_other_spelling_is_refused(content):
    with pytest.raises(NotCanonicalError):
        read_canonical(content)
