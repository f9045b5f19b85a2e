"""What a person typed, less what the terminal put in between."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.typed import typed_text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("骑手之家在哪里？", "骑手之家在哪里？"),
        ("\x1b[A\x1b[B\x1b[1;5C骑手", "骑手"),
        ("\x1bOA骑手\x1bOP", "骑手"),
        ("\x1b[200~骑手之家\x1b[201~", "骑手之家"),
        ("[200~骑手之家[201~", "骑手之家"),
        ("\x1b[31;1m骑\x1b[0m手", "骑手"),
        ("\x1b]0;title\x07骑\x1b]8;;https://example.org\x1b\\手", "骑手"),
        ("\x9b31m骑手\x9d0;title\x9c", "骑手"),
        ("骑\x00手\x08\x7f\x1b", "骑手"),
        ("\x1b骑手", "骑手"),
        ("\x1b(B骑手", "骑手"),
        ("\ufeff骑\u200b手\u202e", "骑手"),
        ("骑手 A[1] [2] 3\t4\n5", "骑手 A[1] [2] 3\t4\n5"),
        ("👩‍🌾在哪里", "👩‍🌾在哪里"),
        ("骑手\udce5", "骑手?"),
        ("", ""),
    ],
)
def test_only_what_was_typed_is_left(raw, text):
    assert typed_text(raw) == text


@given(st.text(alphabet=st.sampled_from("\x00\x07\x1b[]OAm~2001;骑手 \x9b\x9c\\"), max_size=30))
def test_no_control_character_is_left(raw):
    assert not any(unicodedata.category(one) in {"Cc", "Cs"} for one in typed_text(raw))


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cf", "Cs")), max_size=40))
def test_what_holds_no_control_character_stays(raw):
    if "[20" not in raw:
        assert typed_text(raw) == raw
