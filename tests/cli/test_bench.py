"""`siweb bench calculation` measures, and holds the ways of computing to each other."""

import json

import pytest

from siweb.bench import calculation
from siweb.bench.calculation import Measured, measure_many

FEW = ("bench", "calculation", "--people", "300", "--rounds", "2")


def test_it_prints_the_ratios(run):
    found = run(*FEW)

    assert found.exit_code == 0
    assert "Ten amounts of each of 300 people, equal to the fen:" in found.stdout
    assert "SQLite, 1 connection " in found.stdout


def test_it_answers_in_json(run):
    found = json.loads(run(*FEW, "--json").stdout)

    assert [each["name"] for each in found["runs"]][:2] == ["Decimal loop", "SQLite, 1 connection"]
    assert found["runs"][0]["times_the_loop"] == 1.0
    assert found["exact"] is True


def test_a_difference_of_a_fen_is_an_error(monkeypatch):
    wrong = Measured("Decimal loop", 1.0, (1,) * 10)
    monkeypatch.setattr(calculation, "_decimal_loop", lambda declared: wrong)

    with pytest.raises(ValueError, match="SQLite, 1 connection differs from Decimal loop"):
        measure_many(10)
