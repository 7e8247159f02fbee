"""What stops a command from outside is said in one sentence, without a trace."""

import errno
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner
from sqlalchemy.exc import OperationalError

from siweb.cli import main
from siweb.cli.failures import sentence_of
from tests.cli.operation.test_server import free_port

NEEDS_TABLES = (
    ["seed"],
    ["day"],
    ["close-day"],
    ["check"],
    ["issue-code", "--id-number", "11010519491231002X"],
)


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    monkeypatch.delenv("SIWEB_DATABASE_URL", raising=False)
    return lambda words: CliRunner().invoke(main, words)


@pytest.mark.parametrize("words", NEEDS_TABLES, ids=" ".join)
def test_an_empty_folder_names_the_command_that_fills_it(run, words):
    result = run(words)

    assert result.exit_code == 1
    assert result.output == (
        "Error: The database is not at the newest schema: run siweb upgrade.\n"
    )


@pytest.mark.parametrize("words", [["migrate"], *NEEDS_TABLES[:2]], ids=" ".join)
def test_a_database_that_is_down_is_named(run, monkeypatch, words):
    url = f"postgresql://siweb:secret@127.0.0.1:{free_port()}/siweb?connect_timeout=2"
    monkeypatch.setenv("SIWEB_DATABASE_URL", url)

    result = run(words)

    assert result.exit_code == 1
    assert result.output.startswith("Error: The database of SIWEB_DATABASE_URL does not answer: ")
    assert result.output.count("\n") == 1
    assert "secret" not in result.output


def test_an_address_that_is_none_is_named(run, monkeypatch):
    monkeypatch.setenv("SIWEB_DATABASE_URL", "oracle://somewhere")

    assert run(["migrate"]).output == (
        "Error: SIWEB_DATABASE_URL is no address of a database that this office can use.\n"
    )


def test_a_file_that_is_no_database_is_named(run, tmp_path):
    (tmp_path / "siweb.sqlite3").write_text("not a database " * 100)

    result = run(["migrate"])

    assert result.exit_code == 1
    assert result.output.startswith("Error: The file of the database is no database")


def test_a_full_disk_is_named(run, tmp_path):
    run(["migrate"])
    with closing(sqlite3.connect(tmp_path / "siweb.sqlite3")) as driver:
        pages = driver.execute("PRAGMA page_count").fetchone()[0]
        driver.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(sqlite3.OperationalError) as full:
            driver.execute("CREATE TABLE large AS SELECT zeroblob(10000000)")

    sentence = sentence_of(OperationalError("CREATE TABLE", {}, full.value))

    assert sentence.startswith("The disk of the database is full")


def test_a_folder_that_cannot_be_written_is_named():
    error = OSError(errno.ENOSPC, "No space left on device")
    error.filename = "var/secret_key"

    assert sentence_of(error) == "Cannot write var/secret_key: No space left on device."


@pytest.mark.parametrize("error", [ValueError("ours"), OSError(errno.ENOENT, "gone")])
def test_a_fault_of_ours_keeps_its_trace(error):
    assert sentence_of(error) is None
