import pytest
from hypothesis import given
from hypothesis import strategies as st

from siweb.rules.identifiers.uscc import (
    ALPHABET,
    AUTHORITIES,
    UsccRefused,
    explain_uscc,
    org_check_character,
    parse_uscc,
    uscc_check_character,
)
from tests.rules.steps import as_text


def coded(first_8, org_8):
    first_17 = first_8 + org_8 + org_check_character(org_8)
    return first_17 + uscc_check_character(first_17)


# Published codes of well-known units, and the standards' own examples.
@pytest.mark.parametrize(
    ("number", "org_code"),
    [
        ("91110000600037341L", "60003734-1"),
        ("91350100M000100Y43", "M000100Y-4"),
        ("91440300708461136T", "70846113-6"),
        ("9144030071526726XG", "71526726-X"),
        ("91330100799655058B", "79965505-8"),
        ("12100000400000624D", "40000062-4"),
    ],
)
def test_published_codes(number, org_code):
    found = parse_uscc(number)

    assert (found.number, found.org_code) == (number, org_code)
    assert (found.authority, found.region_code) == (number[0], number[2:8])


@pytest.mark.parametrize(
    "text", ["91110000600037341l", " 9111 0000 6000 3734 1L", "'９１１１００００６００037341L"]
)
def test_what_typing_adds_is_taken_off(text):
    assert parse_uscc(text).number == "91110000600037341L"


@pytest.mark.parametrize("authority", AUTHORITIES)
def test_every_authority_is_known(authority):
    assert parse_uscc(coded(f"{authority}2110000", "MA00ABCD")).authority == authority


@pytest.mark.parametrize(
    ("text", "reason", "part", "wrong"),
    [
        ("", "length", "number", ""),
        ("91110000600037341", "length", "number", "91110000600037341"),
        ("9.1110000600037E+17", "excel_mangled", "number", "9.1110000600037E+17"),
        ("91110000600O37341L", "characters", "number", "O"),
        ("91I10000600O3734SZ", "characters", "number", "IOSZ"),
        ("91110000-00037341L", "characters", "number", "-"),
        ("B1110000600037341L", "authority", "authority", "B"),
        ("01110000600037341L", "authority", "authority", "0"),
        ("X1110000600037341L", "authority", "authority", "X"),
        ("91110000600037341M", "checksum", "check", "M"),
        ("91110000600037342L", "checksum", "check", "L"),
        ("911100006000370000", "excel_mangled", "check", "0"),
    ],
)
def test_a_wrong_code_is_refused_with_reason_and_part(text, reason, part, wrong):
    with pytest.raises(UsccRefused) as refused:
        parse_uscc(text)

    assert (refused.value.reason, refused.value.part, refused.value.wrong) == (reason, part, wrong)


def test_a_wrong_organisation_code_inside_a_right_check_is_refused():
    first_17 = "91110000600037342"

    with pytest.raises(UsccRefused) as refused:
        parse_uscc(first_17 + uscc_check_character(first_17))

    assert (refused.value.reason, refused.value.part) == ("org_code", "org_code")
    assert refused.value.wrong == "600037342"


# GB 11714 checks of X, 0 and a digit; computed by hand from the weights 3 7 9 10 5 8 4 2.
@pytest.mark.parametrize(
    ("first_8", "check"),
    [("00000000", "0"), ("00000005", "1"), ("00000006", "X"), ("D2143569", "X"), ("A0000000", "3")],
)
def test_the_organisation_codes_check(first_8, check):
    assert org_check_character(first_8) == check


@given(st.integers(min_value=1, max_value=16), st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_noticed(place, char):
    good = "91350100M000100Y43"
    changed = good[:place] + char + good[place + 1 :]

    if changed != good:
        with pytest.raises(UsccRefused):
            parse_uscc(changed)


@given(st.text(alphabet=ALPHABET, min_size=8, max_size=8))
def test_every_well_made_code_is_read_back(org_8):
    number = coded("91110000", org_8)

    # ISO 7064 for MOD 31-3: the whole code's weighted sum is a multiple of the modulus.
    total = sum(ALPHABET.index(char) * 3**place for place, char in enumerate(number[:17]))
    assert (total + ALPHABET.index(number[17])) % 31 == 0
    assert parse_uscc(number).org_code.startswith(f"{org_8}-")


def test_the_steps_of_a_code():
    explained = explain_uscc("91110000600037341l")

    assert explained.value == parse_uscc("91110000600037341L")
    assert as_text(explained) == [
        "org_check_character: check_of(-sum % 11) [sum=109] = 1 | GB 11714-1997 | -",
        "check_character: check_of(-sum % 31) [sum=538] = L | GB 32100-2015 | -",
    ]


def test_a_wrong_code_has_no_steps():
    with pytest.raises(UsccRefused):
        explain_uscc("91110000600037341M")


@pytest.mark.parametrize("first", ["6000373", "600037341"])
def test_the_organisation_check_is_of_eight(first):
    with pytest.raises(ValueError, match="zip"):
        org_check_character(first)
