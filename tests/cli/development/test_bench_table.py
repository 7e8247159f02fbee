"""`siweb bench table`: every bar in one table, each measured by a command of its own."""

import pytest

from siweb.bench import table
from siweb.bench.table import Bar, BenchFailed

FOUND = {
    "levy": {
        "share": 0.21,
        "last_beside_first": 0.5,
        "bytes_a_record": 81.0,
        "peak_megabytes": 199.6,
    },
    "check": {"scans": 2.5, "bare_scans": 6.01},
    "filings": {"applied_a_second": 20_000.0},
    "activity": {"ratio": 6.2, "writers": 8},
    "papers": {"rate": 66.1, "processes": 2, "largest_bytes": 61_441},
    "pages": {"every_core": [{"share_of_bare": share} for share in (1.0, 0.165, 0.079)]},
}


@pytest.fixture
def asked(monkeypatch):
    """Which commands ran, on which database."""
    asked = []

    def bench(_sizes, database, name, *_words):
        asked.append((name, database))
        return FOUND[name]

    monkeypatch.setattr(table, "_bench", bench)
    return asked


def rows_of(text):
    return [line for line in text.splitlines() if line.endswith(("reached", "missed"))]


def test_each_bar_has_what_binds_what_is_hoped_and_what_was_found(run, asked):
    found = run("bench", "table", "--people", "5000", "--check-people", "7000")

    assert found.exit_code == 0, found.output
    words = " ".join(found.stdout.split())
    assert "levy beside its rows in a heap, SQLite, 5,000 people % 20 35 21 reached" in words
    assert "month 2 beside the first, SQLite, 5,000 people of it 0.95 0.98 0.50 missed" in words
    assert "a record with its keys, SQLite, 5,000 people bytes 80 60 81 missed" in words
    assert "siweb check without statistics, SQLite, 7,000 people scans 6.00 3.00 6.01" in words
    assert "wizard step beside bare Flask, every core % 8.00 12 7.90 missed" in words
    # SQLite has one writer: nothing binds there.
    assert "activity, 8 writers beside one, SQLite times 6.20 no bar" in words
    assert "papers in 2 processes, three kinds in both languages papers/s 40 60 66 reached" in words
    assert "the largest of these papers KB 60 40 60 missed" in words
    assert "5 of 10 reached." in words
    assert {database for _name, database in asked} == {"sqlite"}


def test_with_a_server_postgresql_is_measured_too(run, asked):
    found = run("bench", "table", "--url", "postgresql://there", "--months", "1")

    assert found.exit_code == 0, found.output
    for name in ("levy", "check", "filings", "activity"):
        assert (name, "postgresql") in asked
    assert "beside the first" not in found.stdout
    assert "activity, 8 writers beside one, PostgreSQL times 6.00 7.50 6.20 reached" in " ".join(
        found.stdout.split()
    )
    words = " ".join(found.stdout.split())
    assert (
        "list of 100,000 applied, PostgreSQL (hoped: SQLite) rows/s 20,000 20,000 20,000" in words
    )


def test_a_command_that_fails_ends_it_with_its_name(run, monkeypatch):
    def bench(_sizes, _database, *words):
        raise BenchFailed(f"siweb bench {words[0]} ended with 1")

    monkeypatch.setattr(table, "_bench", bench)

    found = run("bench", "table")

    assert found.exit_code == 1
    assert "siweb bench levy ended with 1" in found.stderr


@pytest.mark.parametrize(
    ("measured", "at_most", "is_reached"),
    [(20, False, True), (19.9, False, False), (20, True, True), (20.1, True, False)],
)
def test_what_binds_is_reached_at_its_very_figure(measured, at_most, is_reached):
    assert Bar("work", "%", 20, 35, measured, at_most).is_reached is is_reached
