"""The worked cases of contributions come out of a levied bill."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.collection.tables.bill import Bill, BillLine
from siweb.registry.packs.import_packs import import_packs
from siweb.rules.parameters.load import load_packs
from siweb.rules.parameters.read import read_pack
from tests.conftest import NOW
from tests.levies import INSURANCES, SHANGHAI, levy

CASES = json.loads((Path(__file__).parents[2] / "rules" / "worked_cases.json").read_text())
CONTRIBUTIONS = [case for case in CASES["cases"] if case["area"] == "contribution"]
NAMES = {"work_injury": "injury"}
CLASS_OF_RATE = {"0.2": 1, "0.4": 2}
LIMITS = """
[[limits]]
scheme = ["employee", "flexible"]
insurance = ["pension", "medical", "unemployment", "work_injury", "maternity"]
effective_from = "2026-08"
published_on = 2026-07-31
notice = "算例"
confidence = "demonstration"
base_floor = "{floor}"
base_ceiling = "{ceiling}"

[[rounding]]
effective_from = "2026-08"
published_on = 2026-07-31
notice = "算例"
confidence = "demonstration"
rounding = "half_up_fen"
scope = "person"
"""
ADDITION = """
[[additions]]
scheme = "employee"
insurance = "{insurance}"
effective_from = "2026-08"
published_on = 2026-07-31
notice = "算例"
confidence = "demonstration"
employer = "{employer}"
employee = "{employee}"
"""
RATE = """
[[rates]]
scheme = "employee"
insurance = "{insurance}"
effective_from = "2026-08"
published_on = 2026-07-31
notice = "算例"
confidence = "demonstration"
employer = "{employer}"
employee = "{employee}"
"""


def fen(yuan):
    return int(yuan.replace(".", ""))


def put_in_force(session, given, additions):
    """A pack with the limits, rates and fixed amounts that the case gives."""
    text = load_packs().packs[SHANGHAI].text + LIMITS.format(**given)
    for insurance in INSURANCES:
        employer, employee = given[NAMES.get(insurance, insurance)]
        account = 'account = "8"\n' if insurance == "pension" else ""
        text += RATE.format(insurance=insurance, employer=employer, employee=employee) + account
    for insurance, (employer, employee) in additions.items():
        text += ADDITION.format(insurance=insurance, employer=employer, employee=employee)
    pack, problems = read_pack(text, f"{SHANGHAI}.toml")
    assert not problems, problems
    import_packs(session, [pack], actor=SYSTEM, at=NOW)


@pytest.mark.parametrize("case", CONTRIBUTIONS, ids=lambda case: case["id"])
def test_a_bill_says_what_the_case_says(session, hire_at, insure, case):
    inputs = case["inputs"]
    # The levy takes an employer's work injury rate from its class.
    employer = hire_at(SHANGHAI, injury_class=CLASS_OF_RATE[inputs["params"]["injury"][0]])
    put_in_force(session, inputs["params"], inputs.get("additions", {}))
    insure(fen(inputs["monthly_wage"]), employer, SHANGHAI)

    levy(session, SHANGHAI)

    expected = case["expected"]
    bill = session.scalars(select(Bill)).one()
    assert bill.employer_fen == fen(expected["total_employer"])
    assert bill.employee_fen == fen(expected["total_employee"])
    assert bill.total_fen == fen(expected["total"])
    assert bill.due_on == date(2026, 9, 15)
    for line in session.scalars(select(BillLine)):
        due = expected[NAMES.get(line.insurance.value, line.insurance.value)]
        assert line.base_fen == fen(expected["base"])
        assert line.employer_fen == fen(due["employer"])
        assert line.employee_fen == fen(due["employee"])
