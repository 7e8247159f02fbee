import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siweb.rules.numbers.money import (
    LARGEST_FEN,
    AmountRefused,
    capital_numerals,
    fen_from_yuan,
    yuan_from_fen,
)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("7162", 716200),
        ("7162.5", 716250),
        ("7162.50", 716250),
        ("7162.500", 716250),
        ("7,162.00", 716200),
        ("1,234,567.89", 123456789),
        ("0", 0),
        ("-0", 0),
        ("0.01", 1),
        (" 0.10 ", 10),
        ("007.00", 700),
        ("9999999999999.99", LARGEST_FEN),
    ],
)
def test_yuan_are_read_exactly(text, fen):
    assert fen_from_yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "amount"),
        ("abc", "amount"),
        ("1e3", "amount"),
        ("7162元", "amount"),
        ("7162.", "amount"),
        (".5", "amount"),
        ("+5", "amount"),
        ("71,62.00", "amount"),
        ("1234,567", "amount"),
        (",123", "amount"),
        ("１２", "amount"),
        ("nan", "amount"),
        ("0.001", "amount_fraction"),
        ("7162.005", "amount_fraction"),
        ("-0.01", "amount_negative"),
        ("-5", "amount_negative"),
        ("10000000000000", "amount_range"),
        ("9" * 5_000, "amount_range"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_text(text, code):
    with pytest.raises(AmountRefused) as refused:
        fen_from_yuan(text)

    assert (refused.value.code, refused.value.facts) == (code, {"text": text})


def test_a_negative_amount_is_read_where_one_may_be():
    assert fen_from_yuan("-12.34", negative=True) == -1234
    assert fen_from_yuan("12.34", negative=True) == 1234


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "0.00"), (5, "0.05"), (716200, "7162.00"), (-5, "-0.05"), (-150, "-1.50")]
)
def test_fen_are_written_as_yuan_with_two_places(fen, text):
    assert yuan_from_fen(fen) == text


@given(st.integers(min_value=-LARGEST_FEN, max_value=LARGEST_FEN))
def test_yuan_and_fen_are_each_others_inverse(fen):
    assert fen_from_yuan(yuan_from_fen(fen), negative=True) == fen
    assert Decimal(yuan_from_fen(fen)) * 100 == fen


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.55", "伍角伍分"),
        ("1", "壹元整"),
        ("1.05", "壹元零伍分"),
        ("10", "壹拾元整"),
        ("17.30", "壹拾柒元叁角整"),
        ("100.01", "壹佰元零壹分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1001", "壹仟零壹元整"),
        ("1010", "壹仟零壹拾元整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("9999", "玖仟玖佰玖拾玖元整"),
        ("10000", "壹万元整"),
        ("10001", "壹万零壹元整"),
        ("11000", "壹万壹仟元整"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("100100", "壹拾万零壹佰元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("20010000", "贰仟零壹万元整"),
        ("100000001", "壹亿零壹元整"),
        ("110000000", "壹亿壹仟万元整"),
        ("101000000", "壹亿零壹佰万元整"),
        ("2000100000", "贰拾亿零壹拾万元整"),
        ("1000100000000", "壹万零壹亿元整"),
        ("9999999999999.99", "玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_capital_numerals_follow_the_payment_rules(yuan, words):
    assert capital_numerals(fen_from_yuan(yuan)) == words


DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = {"亿": 10**8, "万": 10**4, "仟": 1000, "佰": 100, "拾": 10}


def read_whole(words):
    """Read a whole number in capitals back, place by place."""
    for place, size in PLACES.items():
        if place in words:
            high, low = words.rsplit(place, 1) if place == "亿" else words.split(place, 1)
            return read_whole(high) * size + read_whole(low)
    return DIGITS.index(words.strip("零") or "零")


def read_capitals(words):
    whole, _, rest = words.rpartition("元")
    jiao, fen = (re.search(rf"(.){unit}", rest) for unit in "角分")
    parts = (DIGITS.index(found[1]) if found else 0 for found in (jiao, fen))
    return read_whole(whole) * 100 + next(parts) * 10 + next(parts)


@given(st.integers(0, LARGEST_FEN))
def test_capitals_read_back_are_the_amount(fen):
    words = capital_numerals(fen)

    assert read_capitals(words) == fen
    assert "零零" not in words
    assert words.endswith(("整", "分"))


def test_a_negative_amount_says_so_in_capitals():
    assert capital_numerals(-150) == "负壹元伍角整"


@pytest.mark.parametrize("fen", [LARGEST_FEN + 1, -LARGEST_FEN - 1])
def test_capitals_end_with_the_largest_amount(fen):
    with pytest.raises(AmountRefused) as refused:
        capital_numerals(fen)

    assert refused.value.code == "amount_range"
    assert refused.value.facts == {"text": yuan_from_fen(fen)}


def test_the_largest_negative_amount_still_has_capitals():
    assert capital_numerals(-LARGEST_FEN).startswith("负玖万玖仟")
