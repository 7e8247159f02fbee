"""A base of one insurance alone: where it is none, where it only repeats the wage, and what stays."""

from types import SimpleNamespace

import pytest

from siweb.filings.validation.validate_row import _own_bases, without_repeated_bases

MONTH, WAGE = "2026-11", 900_000
# What the limits of medical insurance make of the wage; pension has none that it meets.
LIMITED = 950_000


def terms(*allowed, governed=True):
    return SimpleNamespace(
        is_governed=lambda month: governed and month == MONTH,
        own_bases=lambda _month: frozenset(allowed),
        base_used=lambda insurance, fen, _month: LIMITED if insurance == "medical" else fen,
    )


def row(**bases):
    return {f"{name}_base_fen": fen for name, fen in bases.items()}


@pytest.mark.parametrize(
    ("bases", "allowed", "wage", "fields"),
    [
        ({}, (), WAGE, []),
        ({"medical": 1}, (), WAGE, ["medical_base_fen"]),
        ({"medical": 1}, ("medical",), WAGE, []),
        ({"medical": 1, "pension": 2}, ("pension",), WAGE, ["medical_base_fen"]),
        ({"medical": WAGE}, (), WAGE, []),
        ({"medical": LIMITED}, (), WAGE, []),
        ({"pension": LIMITED}, (), WAGE, ["pension_base_fen"]),
        ({"medical": WAGE}, (), None, ["medical_base_fen"]),
    ],
    ids=str,
)
def test_another_base_is_refused_where_an_insurance_has_none_of_its_own(
    bases, allowed, wage, fields
):
    found = list(_own_bases(row(**bases), wage, MONTH, terms(*allowed)))

    assert [(each.code, each.facts["field"]) for each in found] == [
        ("own_base_differs", field) for field in fields
    ]
    assert list(_own_bases(row(**bases), wage, "1990-01", terms(*allowed))) == []


@pytest.mark.parametrize(
    ("bases", "allowed", "wage", "present", "left"),
    [
        ({"medical": WAGE}, (), WAGE, None, {}),
        ({"medical": LIMITED}, (), WAGE, None, {}),
        ({"medical": 1}, (), WAGE, None, {"medical"}),
        # Where it may have its own, only the wage itself is a repetition of it.
        ({"medical": WAGE}, ("medical",), WAGE, None, {}),
        ({"medical": LIMITED}, ("medical",), WAGE, None, {"medical"}),
        # Without a wage in the row: beside the base that holds, and of its own it may end one.
        ({"medical": 800_000}, (), None, 800_000, {}),
        ({"medical": 800_000}, ("medical",), None, 800_000, {"medical"}),
        ({"medical": 800_000}, (), None, None, {"medical"}),
        ({"medical": 800_000}, (), WAGE, 800_000, {"medical"}),
        ({"medical": WAGE, "pension": 5}, ("pension",), WAGE, None, {"pension"}),
    ],
    ids=str,
)
def test_what_only_repeats_the_wage_is_left_out(bases, allowed, wage, present, left):
    values = row(**bases) | {"start_month": MONTH, "name": "张三"}
    values |= {} if wage is None else {"wage_fen": wage}
    before = dict(values)

    kept = without_repeated_bases(values, present, terms(*allowed))

    assert {name for name in kept if name.endswith("_base_fen")} == {f"{n}_base_fen" for n in left}
    assert (kept["name"], kept.get("wage_fen")) == ("张三", wage)
    # The row itself stays as it was.
    assert values == before


@pytest.mark.parametrize(
    "values", [{"start_month": ""}, {"start_month": None}, {"start_month": "1990-01"}]
)
def test_without_a_month_of_these_figures_nothing_is_left_out(values):
    given = row(medical=WAGE) | {"wage_fen": WAGE} | values

    assert without_repeated_bases(given, None, terms()) == given
    assert without_repeated_bases({"start_month": MONTH}, None, terms()) == {"start_month": MONTH}
