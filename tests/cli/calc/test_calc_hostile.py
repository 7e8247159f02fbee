"""Whatever stands in a question, the answer is JSON or one sentence with exit code 2."""

import copy
import itertools
import json

import pytest
from click.testing import CliRunner

from siweb.cli import main
from tests.cli.calc.test_worked_cases import CASES

ODD = (
    None, "", "abc", -1, "-0.01", [], {}, "9" * 24, 10**24, "NaN", float("inf"), True, False,
    [None], [["a"]], {"a": None}, "2026-13", "0000-01", "9999-12-31", "１２", "7162.001", "\0",
    "\ud800", "2026-11\n", [1, 2, 3],
)  # fmt: skip
# What a sentence for a person never shows: the words of the program that read it.
OF_THE_PROGRAM = ("Traceback", "object is not", "invalid literal", "NoneType", "Refused (", "int()")


def places(value, place=()):
    """Yield the way to every value inside a question, the lists and objects included."""
    if place:
        yield place
    parts = value.items() if isinstance(value, dict) else ()
    parts = enumerate(value) if isinstance(value, list) else parts
    for key, part in parts:
        yield from places(part, (*place, key))


def with_odd(inputs, place, odd):
    changed = copy.deepcopy(inputs)
    inside = changed
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = odd
    return changed


def outcome(command, *words):
    found = CliRunner().invoke(main, ["calc", command, *words])
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found


# One case of each area, the one that holds the most values.
RICHEST = {case["area"]: case for case in sorted(CASES["cases"], key=lambda one: len(str(one)))}


@pytest.mark.parametrize("area", RICHEST)
def test_an_odd_value_anywhere_in_a_case_is_answered_or_refused(area):
    odds = itertools.cycle(ODD)
    case = RICHEST[area]
    for place, odd in zip(places(case["inputs"]), odds, strict=False):
        question = json.dumps({"inputs": with_odd(case["inputs"], place, odd)})
        found = outcome(area, "--json", question)
        what = (case["id"], place, odd, found.stderr)
        if found.exit_code == 0:
            assert json.loads(found.stdout)["result"] is not None, what
        else:
            assert found.exit_code == 2, what
            assert found.stderr.startswith("Error: "), what
            assert not [word for word in OF_THE_PROGRAM if word in found.stderr], what


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(["coverage", "--rows", '[{"form": "full_time", "insurances": ["pensoin"]}]'],
      ("--rows: row 1, insurances, 'pensoin' is not one of pension, medical, unemployment,"
      " work_injury, maternity.")),
     (["coverage", "--rows", '[{"form": "part_time"}, {"form": "abc"}]'],
      "--rows: row 2, form: 'abc' is not one of full_time, part_time, dispatch, intern, over_age."),
     (["coverage", "--rows", '["full_time"]'], "--rows: row 1: 'full_time' is not an object."),
     (["coverage", "--rows", "[]"], "--rows: '[]' is not a JSON list of objects, at least one."),
     (["coverage", "--wages", "3000", "--floor", "2", "--ceiling", "1"],
      "The floor is above the ceiling."),
     (["second-employer", "--rows", '[{"form": "intern"}]'], "--rows: row 1: asked is missing."),
     (["second-employer", "--asked", "pension", "--active-at", '{"A": {"pension": true}}'],
      ('--active-at: A: {"pension": true} is not a list of insurances out of pension, medical,'
      " unemployment, work_injury, maternity.")),
     (["staleness", "--rows", '[{"payment_year_first_month": "13", "month": "2026-11"}]'],
      "--rows: row 1, payment_year_first_month: '13' is not a month from 1 to 12."),
     (["injury-rate", "--rows", '[["9", "100"]]'],
      "--rows: row 1, value 1: '9' is not an injury class from 1 to 8."),
     (["injury-rate", "--rows", '[["1", "100"]]', "--tiers", '{"0-3": ["100"]}'],
      ("--tiers: '{\"0-3\": [\"100\"]}' is not an object such as {\"1\": [\"100\", \"120\"],"
      ' "2-8": ["80"]}.')),
     (["limits", "--published", '{"BJ": [["2026-07", "2026-08-21", "1", "2"]]}',
       "--questions", '[["SH", "2026-08", "2026-08-21"]]'],
      "--questions: nothing is published for 'SH'."),
     (["adjustment", "--wage", "5000", "--effective-from", "2026-07", "--recorded", "2026-07",
       "--pension", "16/8", "--new-floor", "7270"], "--old-floor is missing."),
     (["adjustment", "--wage", "5000", "--effective-from", "2026-07", "--recorded", "2026-07",
       "--pension", "16/8", "--old-ceiling", "7270"], "--new-ceiling is missing."),
     (["adjustment", "--wage", "5000", "--floors-in-turn", "1;2", "--ceilings-in-turn", "9",
       "--employer-rate", "16"], "Give as many ceilings as floors."),
     (["adjustment", "--wage", "5000", "--floors-in-turn", "8;9", "--ceilings-in-turn", "9;8",
       "--employer-rate", "16"], "The floor is above the ceiling."),
     (["flexible", "--last-bases", "5000", "--floor", "2", "--ceiling", "1"],
      "The floor is above the ceiling."),
     (["late-fee", "--principal", "100", "--due-date", "2026-01-15",
       "--payments", '[["2026-02-04", "100.01"]]'],
      "The payments are 0.01 yuan more than the principal."),
     (["late-fee", "--principal", "100", "--due-date", "2026-01-15", "--payments", "[]"],
      "--payments: '[]' is not a list such as [[\"2026-02-04\", \"4000.00\"]]."),
     (["bank-statement", "--bill", '{"due_date": "2026-01-15"}', "--payments", "1"],
      "--bill: amount is missing."),
     (["bank-statement", "--bill", '{"amount": "1", "payer": "nobody"}', "--payments", "1"],
      "--bill: payer: 'nobody' is not employer or flexible."),
     (["bank-statement", "--statement", '{"count": -1}', "--details", "1"],
      "--statement: count: '-1' is not a whole number from 0 up."),
     (["assess", "--rows", '[{"last_month_paid": {"pension": "x"}}]'],
      ("--rows: row 1, last_month_paid, pension: 'x' is not an amount in yuan from 0 up, such as"
      " 7162.00.")),
     (["premium", "--json", '{"monthly_wage": "5000", "pension": ["16", "8"], "floor": true}'],
      "--floor: 'true' is not an amount in yuan from 0 up, such as 7162.00."),
     (["account", "--json", '{"rate": "0.0262", "deposits": [[true, "800.00"]]}'],
      "--deposits: '[[true, \"800.00\"]]' is not a month and an amount such as 1:800.00."),
     (["account", "--deposits", "2025-03-05:800"],
      "--deposits: '2025-03-05:800' is not a month and an amount such as 1:800.00."),
     (["account", "--deposits", "12-1:800"],
      "--deposits: '12-1:800' is not a month and an amount such as 1:800.00."),
     (["premium", "--region", "110000", "--monthly-wage", "5000", "--injury-tier", "90"],
      "Class 1 of work injury has no tier of 90 %: the agency sets it (SIL 34).")],
)  # fmt: skip
def test_a_refusal_names_the_place_and_what_would_be_right(words, sentence):
    found = outcome(*words)

    assert (found.exit_code, found.stderr) == (2, f"Error: {sentence}\n")


def test_half_a_character_is_answered_with_its_escape():
    answer = json.loads(outcome("id", "--json", '{"number": "1\\ud800"}').stdout)

    assert answer["result"]["valid"] is False
    assert "wrong: 1\\ud800" in outcome("id", "--number", "1\ud800").stdout


def test_a_folder_called_like_a_pack_is_named(tmp_path):
    (tmp_path / "city.toml").mkdir()

    found = outcome("premium", "--monthly-wage", "5000", "--packs", str(tmp_path))

    assert found.exit_code == 2
    assert found.stderr.startswith("Error: A pack cannot be used: city.toml: this cannot be read (")
