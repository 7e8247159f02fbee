"""Every worked case of the domain, driven through the command; nothing is expected but the file."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from siweb.cli import main

CASES = json.loads((Path(__file__).parents[2] / "rules" / "worked_cases.json").read_text())
cases = pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["id"])


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
    assert len({case["id"] for case in CASES["cases"]}) == CASES["meta"]["count"] == 57


@cases
def test_a_worked_case_by_options(case):
    answer = answer_of(case["area"], *options_of(case["inputs"]))

    result = answer["result"]
    assert {name: result[name] for name in case["expected"]} == case["expected"]


@cases
def test_a_worked_case_by_one_json_object(case):
    answer = answer_of(case["area"], "--inputs", json.dumps(case["inputs"]))

    assert answer["result"].items() >= case["expected"].items()


@cases
def test_a_whole_worked_case_as_the_object_of_json(case):
    found = CliRunner().invoke(main, ["calc", case["area"], "--json", json.dumps(case)])

    assert (found.exit_code, found.stderr) == (0, "")
    answer = json.loads(found.stdout)
    assert answer["result"].items() >= case["expected"].items()
    assert not [word for word in answer.get("warnings", ()) if word.startswith("unused_input")]


@cases
def test_a_worked_case_explains_itself(case):
    answer = answer_of(case["area"], *options_of(case["inputs"]))

    for step in answer["explanation"]:
        assert step.keys() == {"label", "formula", "inputs", "result", "rule", "parameter"}
