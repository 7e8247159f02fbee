from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siweb.rules.identifiers.identity_number import (
    IdentityKind,
    IdentityNumberRefused,
    Sex,
    check_character,
    expand_old_number,
    explain_identity_number,
    parse_identity_number,
)
from tests.rules.steps import as_text

SAMPLE = "11010519491231002X"


def numbered(first_17):
    """ISO 7064 MOD 11-2 as the standard words it: remainders carried from left to right."""
    remainder = 0
    for digit in first_17:
        remainder = (remainder + int(digit)) * 2 % 11
    check = (12 - remainder) % 11
    return first_17 + ("X" if check == 10 else str(check))


def refusal(text, **options):
    with pytest.raises(IdentityNumberRefused) as refused:
        parse_identity_number(text, **options)
    error = refused.value
    assert error.code == error.reason
    assert error.facts == {"part": error.part, "wrong": error.wrong}
    return error.reason, error.part, error.wrong


def test_the_standards_own_sample():
    found = parse_identity_number(SAMPLE)

    assert found.number == SAMPLE
    assert found.kind is IdentityKind.RESIDENT
    assert (found.birth_date, found.sex) == (date(1949, 12, 31), Sex.FEMALE)
    assert (found.region_code, found.warnings) == ("110105", ())


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002x",
        "11010519491231002×",
        "11010519491231002Ｘ",
        "11010519491231002ｘ",
        "11010519491231002Х",
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002X ",
        "110105\u00a019491231\u3000002X",
        "'11010519491231002X",
        "’11010519491231002X’",
        "\u202d11010519491231002X\u202c",
        "\ufeff11010519491231002X\u200b",
        "110105\t19491231002X\r\n",
        '"11010519491231002X"',
    ],
)
def test_what_copying_and_spreadsheets_add_is_taken_off(text):
    assert parse_identity_number(text).number == SAMPLE


@pytest.mark.parametrize(
    ("number", "kind", "birth", "sex"),
    [
        ("440524188001010014", "resident", "1880-01-01", "M"),
        ("911124198108030024", "permanent_residence", "1981-08-03", "F"),
        (numbered("81000019900101001"), "residence_permit", "1990-01-01", "M"),
        (numbered("82000020000229002"), "residence_permit", "2000-02-29", "F"),
        (numbered("83000019991231999"), "residence_permit", "1999-12-31", "M"),
        (numbered("81010119900101001"), "resident", "1990-01-01", "M"),
        (numbered("71000019900101001"), "resident", "1990-01-01", "M"),
    ],
)
def test_kind_birth_and_sex(number, kind, birth, sex):
    found = parse_identity_number(number)

    assert (found.kind, found.birth_date.isoformat(), found.sex) == (kind, birth, sex)
    assert found.warnings == ()


@pytest.mark.parametrize(
    "first_17", ["99000019900101001", "00000019900101001", "16010119900101001", "90000019900101001"]
)
def test_an_unknown_region_is_accepted_and_flagged(first_17):
    assert parse_identity_number(numbered(first_17)).warnings == ("unknown_region",)


def test_every_province_is_known_and_no_other():
    provinces = (
        "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 "
        "61 62 63 64 65 71 81 82 83"
    )

    numbers = {f"{code}": numbered(f"{code}010119900101001") for code in range(10, 90)}

    assert provinces.split() == [
        code for code, number in numbers.items() if not parse_identity_number(number).warnings
    ]


def test_the_province_of_a_permanent_residence_card_stands_after_the_nine():
    assert parse_identity_number(numbered("94415619900101001")).warnings == ()
    assert parse_identity_number(numbered("94715619900101001")).warnings == ("unknown_region",)


@pytest.mark.parametrize(
    ("text", "reason", "part", "wrong"),
    [
        ("", "length", "number", ""),
        ("1101051949123100", "length", "number", "1101051949123100"),
        ("1101051949123100211", "length", "number", "1101051949123100211"),
        ("110105491331002", "length", "number", "110105491331002"),
        ("11010549123100X", "length", "number", "11010549123100X"),
        ("110105491231002", "old_15", "number", "110105491231002"),
        ("11010519491231O02X", "characters", "number", "O"),
        ("1101051949/231-02X", "characters", "number", "/-"),
        ("11010519491231002A", "characters", "check", "A"),
        ("1101051949123100²X", "characters", "number", "²"),
        ("11010519491231002٣", "characters", "check", "٣"),
        ("110105194902300021", "date", "birth", "19490230"),
        ("110105190002290021", "date", "birth", "19000229"),
        ("110105194913010021", "date", "birth", "19491301"),
        ("110105000001010021", "date", "birth", "00000101"),
        ("110105194912310021", "checksum", "check", "1"),
        ("21010519491231002X", "checksum", "check", "X"),
        ("110105194912310000", "excel_mangled", "check", "0"),
        ("1.10105E+17", "excel_mangled", "number", "1.10105E+17"),
        ("1.10105194912310e17", "excel_mangled", "number", "1.10105194912310E17"),
        ("2E+17", "excel_mangled", "number", "2E+17"),
        ("110105194912310000.0", "excel_mangled", "number", "110105194912310000.0"),
        ("110105194912310001.0", "length", "number", "110105194912310001.0"),
        ("11010519491231000.0", "length", "number", "11010519491231000.0"),
        ("110105194912310.000", "length", "number", "110105194912310.000"),
        ("E+17", "length", "number", "E+17"),
    ],
)  # fmt: skip
def test_a_wrong_number_is_refused_with_reason_and_part(text, reason, part, wrong):
    assert refusal(text) == (reason, part, wrong)


def test_a_true_number_may_end_in_zeros():
    number = numbered("11010519491204500")

    assert number.endswith("000")
    assert parse_identity_number(number).number == number


def test_the_refusal_itself_does_not_show_the_number():
    with pytest.raises(IdentityNumberRefused, match=r"^checksum$"):
        parse_identity_number("110105194912310021")


def test_a_birth_after_the_day_is_refused_only_when_the_day_is_known():
    number = numbered("11010520260315001")

    assert parse_identity_number(number).birth_date == date(2026, 3, 15)
    assert parse_identity_number(number, on=date(2026, 3, 15)).sex is Sex.MALE
    assert refusal(number, on=date(2026, 3, 14)) == ("future", "birth", "20260315")


def test_an_old_number_is_expanded_to_match_old_records():
    assert expand_old_number("110105491231002").number == SAMPLE
    assert expand_old_number(" 110105 491231 002 ").birth_date == date(1949, 12, 31)


@pytest.mark.parametrize("text", [SAMPLE, "11010549123100", "110105491331002", "11010549123100X"])
def test_only_an_old_number_is_expanded(text):
    with pytest.raises(IdentityNumberRefused) as refused:
        expand_old_number(text)

    assert (refused.value.reason, refused.value.part, refused.value.wrong) == (
        "length",
        "number",
        text,
    )


@given(
    st.sampled_from(["110105", "440524", "650101", "820000"]),
    st.dates(min_value=date(1800, 1, 1), max_value=date(2100, 1, 1)),
    st.integers(min_value=0, max_value=999),
)
def test_every_well_made_number_is_read_back(region, birth, serial):
    number = numbered(f"{region}{birth:%Y%m%d}{serial:03}")

    found = parse_identity_number(number, on=birth + timedelta(days=1))

    assert (found.region_code, found.birth_date) == (region, birth)
    assert found.sex == ("M" if serial % 2 else "F")
    assert check_character(number[:17]) == number[17]


@given(st.integers(min_value=0, max_value=16), st.integers(min_value=1, max_value=9))
def test_any_single_wrong_digit_is_noticed(place, shift):
    wrong = str((int(SAMPLE[place]) + shift) % 10)

    with pytest.raises(IdentityNumberRefused):
        parse_identity_number(SAMPLE[:place] + wrong + SAMPLE[place + 1 :])


def test_the_steps_of_a_number():
    explained = explain_identity_number(f" {SAMPLE.lower()}", on=date(2026, 1, 1))

    assert explained.value == parse_identity_number(SAMPLE)
    # 7+9+0+5+0+20+2+9+24+27+7+18+30+5+0+0+4 by the weights of the standard.
    assert as_text(explained) == [
        "birth: digits_7_to_14 [digits=19491231] = 1949-12-31 | GB 11643-1999 | -",
        "sex: odd_or_even(digit_17) [digit_17=2] = F | GB 11643-1999 | -",
        "check_character: check_of(sum % 11) [sum=167] = X | GB 11643-1999 | -",
    ]


def test_a_wrong_number_has_no_steps():
    with pytest.raises(IdentityNumberRefused):
        explain_identity_number(SAMPLE, on=date(1949, 12, 30))


@pytest.mark.parametrize("first", ["1101051949123100", "110105194912310021"])
def test_the_check_is_of_17_digits(first):
    with pytest.raises(ValueError, match="17 digits"):
        check_character(first)
