"""The form for one person: what it suggests, what it reads, and what of it is a row."""

from datetime import date
from types import SimpleNamespace as Some

import pytest
from werkzeug.datastructures import MultiDict

from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.one_person.forms import form_of
from siweb.filings.one_person.views import _present_base
from siweb.registry.codes import Insurance
from tests import factories

ON = date(2026, 11, 24)
MAN, WOMAN = (factories.make_id_number(serial=serial) for serial in (7401, 7402))
FULL = {
    "id_number": MAN, "name": "陈新", "hired_on": "2026-11-02", "wage_fen": "9,000.50",
    "start_month": "2026-11", "insurances": ["pension"], "form": "full_time",
    "contract_type": "open", "reason": "new",
}  # fmt: skip


@pytest.fixture
def engine(sqlite_engine):
    return sqlite_engine


@pytest.fixture
def form(app):
    """A form with what was typed and suggested."""

    def form(kind=FilingKind.HIRE, typed=None, **suggested):
        made = form_of(kind)(typed and MultiDict(typed), meta={"csrf": False})
        made.prepare(ON, **suggested)
        return made

    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield form


@pytest.mark.parametrize(
    ("kind", "field", "usual"),
    [
        (FilingKind.HIRE, "start_month", "2026-11"),
        (FilingKind.HIRE, "insurances", [each.value for each in Insurance]),
        (FilingKind.RESUME, "start_month", "2026-12"),
    ],
)
def test_what_is_usual_is_suggested_until_something_is_typed(form, kind, field, usual):
    assert form(kind)[field].data == usual
    assert form(kind, **{field: "2026-01"})[field].data == "2026-01"
    assert form(kind, {field: ""})[field].data != usual


@pytest.mark.parametrize(
    ("changed", "row"),
    [
        ({}, {}),
        ({"retirement_category": "female50"}, {"retirement_category": None}),
        ({"id_number": WOMAN, "retirement_category": "female50"},
         {"id_number": WOMAN, "retirement_category": "female50"}),
        ({"contract_type": "fixed", "contract_until": "2027-01-31"},
         {"contract_type": "fixed", "contract_until": "2027-01-31"}),
        ({"contract_until": "2027-01-31"}, {"contract_until": None}),
        ({"wage_fen": ""}, {"wage_fen": None}),
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_apply_is_no_part_of_the_row(form, changed, row):
    found = form(typed=FULL | changed).row()
    expected = FULL | {"wage_fen": 900_050} | row
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, []),
        ({"id_number": "123"}, ["id_number"]),
        ({"id_number": ""}, ["id_number"]),
        ({"id_number": WOMAN}, ["retirement_category"]),
        ({"wage_fen": "much"}, ["wage_fen"]),
        ({"hired_on": "soon", "name": ""}, ["hired_on", "name"]),
        ({"contract_type": "fixed"}, ["contract_until"]),
        ({"insurances": []}, ["insurances"]),
    ],
    ids=str,
)
def test_each_field_says_what_is_wrong_with_it_and_no_other(form, changed, wrong):
    made = form(typed=FULL | changed)
    assert made.validate() is (not wrong)
    assert {field.name for field in made if field.errors} == set(wrong)
    # What was typed stays in its field.
    if "wage_fen" in wrong:
        assert made["wage_fen"]._value() == "much"


def test_a_region_may_refuse_a_field_which_is_shown_once_it_was_typed(form):
    made = form()
    name = made.described[0].name
    every = [field.name for field in made.offered()]
    made.hidden = frozenset({name})
    assert [field.name for field in made.offered()] == [each for each in every if each != name]
    made = form(typed=FULL)
    made.hidden = frozenset({"name"})
    assert "name" in [field.name for field in made.offered()]
    made = form(typed=FULL | {"name": ""})
    made.hidden = frozenset({"name"})
    assert "name" not in [field.name for field in made.offered()]


def test_the_present_base_is_that_of_all_insurances():
    def base(fen, insurance=None):
        return Some(declared_base_fen=fen, insurance=insurance)

    assert _present_base(Some(bases=[base(1, "pension"), base(2), base(3)])) == 2
    assert _present_base(Some(bases=[base(1, "pension")])) is None
    assert _present_base(Some(bases=[])) is None
