"""An identity number in free text, however it is written."""

import pytest

from siweb.rules.identifiers.hidden_number import has_card_number, has_identity_number

# The example of GB 11643-1999.
NUMBER = "11010519491231002X"


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        NUMBER.lower(),
        f"他说{NUMBER}是旧证",
        "110105 19491231 002X",
        "110105-1949-1231-002×",
        "110105\n19491231\n002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "一一〇一〇五一九四九一二三一〇〇二X",
        "1101\u200b0519491231\u00ad002X",
        "①①0105、19491231，002X",
        # Other digits touch it: a telephone before, a year behind.
        f"13800001111{NUMBER}2026",
        "130503670401001",
    ],
)
def test_a_number_is_found(text):
    assert has_identity_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "电话13800001111，周三再来",
        # Its check does not fit, nor does its day, its year or its province.
        "110105194912310021",
        "11010519491331002X",
        "110105294912310026",
        # Days, amounts and a bank's reference in a row.
        "2026-11-24 10:15，1,234.50元，2026-01至2026-03，回单9558820200001234567",
        # Fifteen digits of another kind, or of a number that goes on.
        "202601202602350",
        "1305036704010012",
    ],
)
def test_other_digits_are_none(text):
    assert not has_identity_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "6222021234567890128",
        "卡号6222 0212 3456 7890 128，工行",
        "6222-0212-3456-7890-128",
        "６２２２０２１２３４５６７８９０１２８",
        "6228480402564890018",
    ],
)
def test_the_number_of_a_card_is_found(text):
    assert has_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        # Its last digit does not match; one digit too few, and one too many.
        "6222021234567890129",
        "622202123456789",
        "62220212345678901280",
        # Amounts in a row, and the reference of a transfer.
        "6200.00，6200.00，6200.00，6200.00",
        "9558820200001234567",
    ],
)
def test_other_digits_are_no_card(text):
    assert not has_card_number(text)
