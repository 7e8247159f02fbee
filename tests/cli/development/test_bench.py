"""`siweb bench calculation` measures, and holds the ways of computing to each other."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from siweb.bench import activity, calculation, check, levy, scaled
from siweb.bench.calculation import Measured, measure_many
from siweb.bench.scaled import make_scaled
from siweb.db.engine import make_engine
from tests.migrated import lay_schema

# How many records each person has, in the order of their ids.
RECORDS = """
SELECT count(contribution_record.person_id) FROM person
LEFT JOIN contribution_record ON contribution_record.person_id = person.id
GROUP BY person.id ORDER BY person.id
"""

FEW = ("bench", "calculation", "--people", "300", "--rounds", "2")


@pytest.fixture(autouse=True)
def _migrated_once_and_asked_once(monkeypatch):
    """Every benchmark begins with a new schema; how often one is asked proves nothing here."""
    for module in (activity, check, levy, scaled):
        monkeypatch.setattr(module, "migrate", lay_schema)
    monkeypatch.setattr(check, "_ROUNDS", 1)


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


def test_writers_of_the_activity_log_are_measured_and_their_chain_is_proved(run):
    found = run("bench", "activity", "--seconds", "0.2", "--writers", "2", "--commit", "0")

    assert found.exit_code == 0, found.output
    assert re.search(r"sqlite: [\d,]+ lines, each in the chain\n", found.stdout)
    assert re.search(r"2 writers +[\d,]+ lines/s +\d+\.\d times one\n", found.stdout)


def test_papers_are_made_in_processes_and_prove_themselves(run, tmp_path):
    words = ["bench", "papers", "--papers", "10", "--processes", "1", "--keep", str(tmp_path)]
    found = run(*words)

    assert found.exit_code == 0, found.output
    assert re.search(r"^10 papers in 1 processes: [\d.]+ a second", found.stdout)
    assert "6 were read again and prove themselves" in found.stdout
    assert len(list(tmp_path.glob("*.pdf"))) == 6


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """One run over a small office; nothing of it is left behind."""
    folder = tmp_path_factory.mktemp("bench")
    siweb = Path(sys.executable).with_name("siweb")
    words = ["bench", "pages", "--people", "40", "--seconds", "0.1", "--rounds", "1", "--json"]
    place = {**os.environ, "TMPDIR": str(folder)}
    result = subprocess.run([siweb, *words], capture_output=True, text=True, check=False, env=place)
    assert result.returncode == 0, result.stderr
    assert list(folder.glob("siweb-bench-*")) == []
    return json.loads(result.stdout)


@pytest.mark.parametrize("where", ["in_process", "one_visitor", "four_visitors", "every_core"])
def test_pages_stand_beside_a_bare_one(pages, where):
    bare, record, step = pages[where]

    assert [bare["name"], record["name"], step["name"]] == [
        "bare Flask",
        "record page",
        "wizard step",
    ]
    assert bare["share_of_bare"] == 1
    # No figure is compared with another: a tenth of a second on a busy machine proves nothing.
    assert min(record["share_of_bare"], step["share_of_bare"]) > 0
    assert 0 < record["p50_milliseconds"] <= record["p95_milliseconds"]


def test_people_are_copied_with_all_that_is_recorded_of_them(tmp_path):
    url = f"sqlite:///{tmp_path / 'siweb.sqlite3'}"

    office = make_scaled(url, tmp_path, 70, made=20)

    with make_engine(url).connect() as connection:
        records = connection.scalars(text(RECORDS)).all()
    assert office.people == len(records) == 2 * office.made
    assert records[: office.made] == records[office.made :]
    assert sum(records) == office.records > 0


def test_a_levy_stands_beside_a_heap_of_its_rows(run):
    found = run("bench", "levy", "--people", "100", "--months", "2")

    assert found.exit_code == 0
    # Five records for each, two bills, and a line for each insurance of each bill.
    assert "100 insured, 512 rows written, sqlite" in found.stdout
    assert "% of the heap" in found.stdout
    assert "2 months: the last at" in found.stdout


def test_check_stands_beside_a_scan_of_its_records(run):
    found = run("bench", "check", "--people", "100")

    assert found.exit_code == 0, found.output
    assert "100 insured, 500 records, sqlite" in found.stdout
    assert re.search(r"with statistics +\d+\.\d\d s +\d+\.\d\d s for the scan", found.stdout)
    assert re.search(r"without +\d+\.\d\d s", found.stdout)
