"""What a finding says where its row is shown."""

import pytest

from siweb.filings.labels import COUNTED, FINDINGS, code_text, finding_text


@pytest.fixture
def say(app):
    def said(code, number=None):
        with app.test_request_context(headers={"Accept-Language": "en"}):
            found = {"code": code, "facts": {}}
            return finding_text(found, None if number is None else {"id_number": number})

    return said


@pytest.mark.parametrize(
    ("code", "number", "told"),
    [
        ("id_length", "1234", "this one has 4."),
        ("id_date", "110101199013070034", "“19901307”, does not exist"),
        ("id_characters", "11010119900307O03A", "Check “O”."),
        ("id_characters", "11010119900307003A", "Check “A”."),
    ],
)
def test_what_is_wrong_in_a_number_is_said_beside_its_row(say, code, number, told):
    assert told in say(code, number)


def test_a_finding_alone_says_nothing_of_the_number(say):
    assert "this one has …" in say("id_length")
    assert "this one has …" in say("id_length", "110101199013070034")


@pytest.mark.parametrize("number", ["3.10101E+17", "310101199003070000"])
def test_a_number_that_a_spreadsheet_took_in_is_said_so_however_it_wrote_it(say, number):
    said = say("id_excel_mangled", number)

    assert "lost its last digits" in said
    assert "000" not in said


def test_a_filter_names_every_finding_without_a_place_left_open(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        texts = {code: code_text(code) for code in FINDINGS | COUNTED}

    assert texts["cell_day"] == "“…” is not a date. Enter it like 2026-03-05."
    assert not {code: text for code, text in texts.items() if "%(" in text or "%%" in text}
