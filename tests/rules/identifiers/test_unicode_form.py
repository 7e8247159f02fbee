"""Normal forms of text, whatever a stranger piles upon a letter."""

import pytest

from siweb.rules.identifiers.typed_text import unicode_form

# Of two classes in turn: normalising would have to sort them.
MARKS = "\u0301\u0316"


@pytest.mark.parametrize("form", ["NFC", "NFKC", "NFKD"])
@pytest.mark.parametrize("marks", [MARKS * 20_000, "\u0344" * 40_000, "\u0340\u0316" * 20_000])
def test_of_40000_marks_on_a_letter_thirty_stay(form, marks):
    found = unicode_form(form, f"q{marks}z")

    # Some of them decompose into two.
    assert 32 <= len(found) <= 62
    assert (found[0], found[-1]) == ("q", "z")


@pytest.mark.parametrize("form", ["NFC", "NFKC", "NFKD"])
def test_thirty_marks_stay_as_they_are(form):
    text = "q" + MARKS * 15 + "z" * 300

    assert sorted(unicode_form(form, text)) == sorted(text)


def test_every_letter_has_its_own_marks():
    pile = "q" + MARKS * 15

    assert len(unicode_form("NFC", pile * 40)) == len(pile * 40)


def test_a_short_text_keeps_whatever_it_has():
    assert len(unicode_form("NFC", "q" + MARKS * 100)) == 201


@pytest.mark.parametrize(
    ("form", "text", "normal"),
    [
        ("NFC", "e\u0301", "é"),
        ("NFC", "e\u0301" * 300, "é" * 300),
        ("NFKC", "\uff11\uff18", "18"),
        ("NFKD", "é", "e\u0301"),
        ("NFC", "王芳" * 200, "王芳" * 200),
        ("NFC", "a" * 300, "a" * 300),
    ],
)
def test_what_people_write_is_normalised_as_ever(form, text, normal):
    assert unicode_form(form, text) == normal
