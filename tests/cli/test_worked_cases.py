"""Every worked case of the domain, driven through the command; nothing is expected but the file."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from siweb.cli import main

CASES = json.loads((Path(__file__).parent.parent / "rules" / "worked_cases.json").read_text())
COMMANDS = {
    "contribution": "premium",
    "late_fee": "late-fee",
    "assessed_amount": "assess",
    "fine": "fine",
    "deadline": "deadline",
    "personal_account": "account",
    "pension": "pension",
    "retirement": "retirement",
    "unemployment": "benefit-months",
    "identity_number": "id",
    "uscc": "uscc",
    "certification": "certification",
}
cases = pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["id"])


def command_of(case):
    return "minimum-months" if case["inputs"].keys() == {"year"} else COMMANDS[case["area"]]


def options_of(inputs):
    """Each input as the option of its name; lists as JSON, parameters beside the rest."""
    flat = {**inputs, **inputs.get("params", {})}
    flat.pop("params", None)
    for name, value in flat.items():
        yield f"--{name.replace('_', '-')}"
        yield value if isinstance(value, str) else json.dumps(value)


def answer_of(command, *arguments):
    found = CliRunner().invoke(main, ["calc", command, *arguments, "--json"])
    assert (found.exit_code, found.stderr) == (0, "")
    return json.loads(found.stdout)


def test_all_cases_are_here():
    assert len({case["id"] for case in CASES["cases"]}) == CASES["meta"]["count"] == 30


@cases
def test_a_worked_case_by_options(case):
    answer = answer_of(command_of(case), *options_of(case["inputs"]))

    result = answer["result"]
    assert {name: result[name] for name in case["expected"]} == case["expected"]


@cases
def test_a_worked_case_by_one_json_object(case):
    answer = answer_of(command_of(case), "--inputs", json.dumps(case["inputs"]))

    assert answer["result"].items() >= case["expected"].items()


@cases
def test_a_worked_case_explains_itself(case):
    answer = answer_of(command_of(case), *options_of(case["inputs"]))

    for step in answer["explanation"]:
        assert step.keys() == {"label", "formula", "inputs", "result", "rule", "parameter"}
