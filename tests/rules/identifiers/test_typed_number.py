"""What a person types for a number becomes the number that was meant."""

import pytest

from siweb.rules.identifiers.typed_text import normalise_number


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("！", "!"), ("～", "~"), ("｟", "｟"), ("０９ａＺ", "09AZ"), (" 1\u200b2　3 ", "123")],
)
def test_full_width_characters_become_their_half_width_ones(typed, meant):
    assert normalise_number(typed) == meant
