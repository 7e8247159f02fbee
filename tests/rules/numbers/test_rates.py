from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siweb.rules.numbers.rates import (
    RateRefused,
    fraction_from_ppm,
    percent_from_ppm,
    ppm_from_fraction,
    ppm_from_percent,
    shortest_decimal,
)


@pytest.mark.parametrize(
    ("text", "ppm"),
    [("16", 160000), ("9.8", 98000), ("9.8%", 98000), (" 0.5 ", 5000), ("0.0001", 1), ("0", 0),
     ("110", 1100000), ("16.00000", 160000), ("-0", 0)],
)  # fmt: skip
def test_percents_are_read_exactly(text, ppm):
    assert ppm_from_percent(text) == ppm


@pytest.mark.parametrize(
    ("text", "ppm"),
    [("0.0262", 26200), ("0.8", 800000), ("1", 1000000), ("0.000001", 1), (" 1.5 ", 1500000)],
)
def test_fractions_are_read_exactly(text, ppm):
    assert ppm_from_fraction(text) == ppm


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "rate"), ("x", "rate"), ("1e-3", "rate"), (".5", "rate"), ("5.", "rate"), ("+1", "rate"),
     ("16%%", "rate"), ("9" * 5_000, "rate"), ("-1", "rate_negative"), ("0.00001", "rate_precision")],
)  # fmt: skip
def test_what_is_no_percent_is_refused_with_its_text(text, code):
    with pytest.raises(RateRefused) as refused:
        ppm_from_percent(text)

    assert (refused.value.code, refused.value.facts) == (code, {"text": text.removesuffix("%")})


@pytest.mark.parametrize(
    ("text", "code"), [("5%", "rate"), ("0.0000001", "rate_precision"), ("-0.1", "rate_negative")]
)
def test_what_is_no_fraction_is_refused(text, code):
    with pytest.raises(RateRefused) as refused:
        ppm_from_fraction(text)

    assert refused.value.code == code


@given(st.integers(min_value=0, max_value=10**9))
def test_rates_are_written_as_they_are_read(ppm):
    assert ppm_from_percent(percent_from_ppm(ppm)) == ppm
    assert ppm_from_fraction(fraction_from_ppm(ppm)) == ppm


@given(st.integers(min_value=-(10**12), max_value=10**12), st.integers(min_value=1, max_value=8))
def test_the_shortest_decimal_is_exact_and_short(number, places):
    text = shortest_decimal(number, places)

    assert Decimal(text) * 10**places == number
    assert "." not in text or text[-1] not in "0."


@pytest.mark.parametrize(
    ("ppm", "text"), [(98000, "9.8"), (160000, "16"), (5000, "0.5"), (0, "0"), (-5000, "-0.5")]
)
def test_percents_have_no_zeros_at_their_end(ppm, text):
    assert percent_from_ppm(ppm) == text
