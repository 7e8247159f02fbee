"""What counts for a field, what follows from it and what is wrong in it: by its values alone."""

from datetime import date
from types import SimpleNamespace

import pytest

from siweb.filings.fields.choices import CHOICES
from siweb.filings.fields.field import FieldType
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.of_kinds import field_named, fields_in_use, fields_of, form_fields
from siweb.filings.fields.values import (
    LONGEST_NAME,
    completed,
    field_findings,
    list_defaults,
    row_defaults,
    value_finding,
)
from siweb.filings.fields.yearly_base import (
    BasePreview,
    average_agrees,
    average_wage,
    payment_year_start,
    preview_base,
    running_year_start,
)
from siweb.rules.parameters.load import load_packs

HIRE, BASE, CHANGE = FilingKind.HIRE, FilingKind.BASE, FilingKind.CHANGE
ROW = {
    "id_number": "310101199003070115", "name": "张三", "hired_on": "2026-11-03",
    "start_month": "2026-11", "wage_fen": 800_000, "insurances": ["pension"],
}  # fmt: skip
YEARLY = {
    "id_number": "310101199003070115", "name": "张三", "total_wage_fen": 9_600_000, "months": 12,
    "start_month": "2026-07",
}  # fmt: skip
CHOSEN = ("id_number", "name")


def codes(kind, values, unread=()):
    return {found.code: found.facts.get("field") for found in field_findings(kind, values, unread)}


def test_a_good_row_has_nothing_wrong():
    assert codes(HIRE, ROW) == {}
    assert codes(BASE, YEARLY) == {}


@pytest.mark.parametrize("empty", [None, "", []])
@pytest.mark.parametrize("name", ["name", "hired_on", "insurances", "wage_fen"])
def test_what_is_needed_and_empty_is_missing_unless_it_could_not_be_read(name, empty):
    row = ROW | {name: empty}

    assert codes(HIRE, row) == {"cell_missing": name}
    assert codes(HIRE, row, {name}) == {}
    assert codes(HIRE, row | {"reason": empty}) == {"cell_missing": name}


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"name": "张" * LONGEST_NAME}, {}),
        ({"name": "张" * (LONGEST_NAME + 1)}, {"name_too_long": "name"}),
        ({"name": "123"}, {"name_without_letter": "name"}),
        ({"hired_on": "1900-01-01"}, {}),
        ({"hired_on": "1899-12-31"}, {"cell_day": "hired_on"}),
        ({"start_month": "2099-12"}, {}),
        ({"start_month": "2100-01"}, {"cell_month": "start_month"}),
        ({"wage_fen": 0}, {}),
        ({"wage_fen": 10**11}, {}),
        ({"wage_fen": 10**11 + 1}, {"amount_range": "wage_fen"}),
        ({"wage_fen": -1}, {"amount_range": "wage_fen"}),
        ({"insurances": ["pension", "car"]}, {"cell_choice": "insurances"}),
        ({"form": "nothing"}, {"cell_choice": "form"}),
        ({"contract_type": "fixed"}, {"contract_end_missing": "contract_until"}),
        ({"contract_type": "fixed", "contract_until": "2026-11-03"}, {}),
        ({"contract_until": "2026-11-02"}, {"contract_end_before_hire": "contract_until"}),
        ({"contract_until": "2026-11-03"}, {}),
        ({"hired_on": 5, "contract_until": "2026-11-02"}, {}),
    ],
    ids=str,
)
def test_each_value_is_held_to_its_type_and_its_neighbours(changed, found):
    assert codes(HIRE, ROW | changed) == found


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"months": 0}, {"number_range": "months"}),
        ({"months": 13}, {"number_range": "months"}),
        ({"months": 1}, {}),
        ({"wage_fen": 800_000}, {}),
        ({"wage_fen": 800_001}, {"average_differs": "wage_fen"}),
        ({"wage_fen": 1, "months": None}, {}),
        ({"wage_fen": 1, "total_wage_fen": None, "months": None}, {}),
        ({"months": None}, {"cell_missing": "months"}),
        ({"total_wage_fen": None}, {"cell_missing": "total_wage_fen"}),
    ],
    ids=str,
)
def test_a_yearly_base_is_total_and_months_or_an_average(changed, found):
    row = {name: value for name, value in (YEARLY | changed).items() if value is not None}
    row |= {
        name: None for name, value in changed.items() if value is None and name in found.values()
    }

    assert codes(BASE, row) == found


def test_which_choice_is_none_is_named_and_cut():
    field = field_named(HIRE, "form")
    assert value_finding(field, next(iter(CHOICES["form"]))) is None
    assert value_finding(field, "x" * 50).facts["text"] == "x" * 30
    several = value_finding(field_named(HIRE, "insurances"), ["pension", "car", "boat"])
    assert several.facts["text"] == "car"
    assert value_finding(field_named(HIRE, "hired_on"), "1899-01-01").facts["text"] == "1899-01-01"
    # What has no bounds is any number.
    assert (
        value_finding(SimpleNamespace(choices="", most=0, least=0, type=FieldType.WHOLE), 5) is None
    )


def test_an_average_follows_from_a_yearly_base_and_from_nothing_else():
    assert completed(BASE, YEARLY)["wage_fen"] == 800_000
    assert completed(BASE, YEARLY | {"wage_fen": 5})["wage_fen"] == 5
    for values in ({"months": 0}, {"months": None}, {"total_wage_fen": "1"}, {"months": "12"}):
        assert "wage_fen" not in completed(BASE, YEARLY | values)
    assert "wage_fen" not in completed(HIRE, YEARLY)
    assert (average_wage(100, 8), average_wage(99, 2), average_wage(98, 12)) == (13, 50, 8)
    assert (
        average_agrees({"total_wage_fen": 0, "months": 1, "wage_fen": 1}).code == "average_differs"
    )
    assert average_agrees({"total_wage_fen": 0, "months": 1, "wage_fen": 0}) is None


def test_which_fields_a_yearly_base_uses():
    def used(*names):
        return {field.name for field in fields_in_use(BASE, {*CHOSEN, *names})}

    year = {"total_wage_fen", "months"}
    assert used(*year) >= year and "wage_fen" not in used(*year)
    assert used("wage_fen") & (year | {"wage_fen"}) == {"wage_fen"}
    assert used("wage_fen", "months") & (year | {"wage_fen"}) == {"wage_fen", "months"}
    assert used("wage_fen", *year) >= year | {"wage_fen"}
    assert used() >= year and "wage_fen" not in used()
    assert fields_in_use(HIRE, {"wage_fen"}) == fields_of(HIRE)


def test_the_form_asks_who_it_is_of_a_hire_alone():
    assert [field.name for field in form_fields(HIRE)][:2] == ["id_number", "name"]
    assert not {"id_number", "name"} & {field.name for field in form_fields(CHANGE)}
    assert "start_month" not in {field.name for field in form_fields(BASE)}
    assert field_named(HIRE, "wage_fen").name == "wage_fen"
    assert field_named(FilingKind.PAUSE, "wage_fen") is None


@pytest.fixture
def begins():
    """Parameters of a region whose payment year begins with a month."""
    return lambda month: SimpleNamespace(payment_year=lambda: SimpleNamespace(first_month=month))


@pytest.mark.parametrize(
    ("first", "on", "declared", "running"),
    [
        (7, date(2026, 7, 1), "2026-07", "2026-07"),
        (7, date(2026, 12, 31), "2026-07", "2026-07"),
        (7, date(2026, 3, 31), "2025-07", "2025-07"),
        # Three months ahead the next year is declared.
        (7, date(2026, 4, 1), "2026-07", "2025-07"),
        (7, date(2026, 6, 30), "2026-07", "2025-07"),
        (1, date(2026, 1, 1), "2026-01", "2026-01"),
        (1, date(2026, 9, 30), "2026-01", "2026-01"),
        (1, date(2026, 10, 1), "2027-01", "2026-01"),
    ],
)
def test_which_payment_year_is_declared_and_which_one_runs(begins, first, on, declared, running):
    assert payment_year_start(begins(first), on) == declared
    assert running_year_start(begins(first), on) == running


def test_a_list_without_a_column_has_what_counts_for_all(begins):
    on = date(2026, 8, 1)
    assert list_defaults(HIRE, begins(7), on) == {"insurances": list(CHOICES["insurance"])}
    assert row_defaults(HIRE, begins(7), on) == {}
    assert list_defaults(BASE, begins(7), on) == {"start_month": "2026-07"}
    assert row_defaults(BASE, begins(7), on) == {"start_month": "2026-07"}
    assert list_defaults(FilingKind.LEAVE, begins(7), on) == {}


def test_a_base_is_shown_between_its_limits_beside_the_present_one():
    parameters = load_packs().parameters("310000", "2026-08", as_of=date(2026, 11, 24))
    low, high = preview_base(parameters, 1, 5), preview_base(parameters, 10**10, None)

    assert {line.base_fen == line.floor_fen for line in low.lines} == {True}
    assert {line.base_fen == line.ceiling_fen for line in high.lines} == {True}
    assert (low.difference_fen, high.difference_fen) == (-4, None)
    assert BasePreview(7, (), 0).difference_fen == 7
