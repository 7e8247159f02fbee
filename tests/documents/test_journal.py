"""The papers that were given out are noted apart, so that a restored office knows what it lacks."""

import stat
from datetime import UTC, datetime

import pytest

from siweb.documents.proof.journal.forget import forget_journal
from siweb.documents.proof.journal.note import hold_journal
from siweb.documents.tables.document import Document
from tests import factories
from tests.cli.conftest import run
from tests.conftest import NOW
from tests.documents import test_issue
from tests.migrated import own_sqlite

__all__ = ["run"]


@pytest.fixture
def journal(tmp_path, monkeypatch):
    """The folder of a share, in use by this process and by commands."""
    folder = tmp_path / "share"
    folder.mkdir()
    monkeypatch.setenv("SIWEB_PAPERS_DIR", str(folder))
    hold_journal(folder)
    yield folder
    hold_journal(None)


@pytest.fixture
def issue(session, person):
    """Issue a receipt within the test's own transaction."""
    return lambda number=1: test_issue.issue(session, person, subject=("review", number))


def lines(journal):
    return [line for path in sorted(journal.iterdir()) for line in path.read_text().splitlines()]


def test_a_paper_is_noted_when_the_database_has_it_by_its_number_alone(issue, session, journal):
    reference = issue().reference
    assert lines(journal) == []

    session.commit()

    region = session.get(Document, 1).region_code
    assert lines(journal) == [f"2026-11-24T02:00:00Z review_receipt {region} {reference}"]
    (path,) = journal.iterdir()
    assert path.name == "papers-2026-11.txt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    # The same paper again is no other one.
    issue()
    session.commit()
    assert len(lines(journal)) == 1


def test_what_is_taken_back_was_never_given_out(issue, session, journal):
    with session.begin_nested():
        kept = issue(1).reference
        tried = session.begin_nested()
        issue(2)
        tried.rollback()
    session.commit()
    issue(3)
    session.rollback()
    session.commit()

    assert [line.split()[-1] for line in lines(journal)] == [kept]


def test_a_session_that_ends_without_a_commit_leaves_nothing_waiting(issue, session, journal):
    issue()
    session.close()
    factories.make_region(session, "310000")
    session.commit()

    assert lines(journal) == []


def test_a_share_that_is_away_holds_up_no_paper(issue, session, journal, caplog):
    journal.rmdir()

    issue()
    session.commit()

    assert session.get(Document, 1)
    assert "papers were not noted in the journal" in caplog.text
    journal.mkdir()


def test_what_a_restored_office_lacks_is_listed(run, journal, tmp_path, monkeypatch):
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    own_sqlite(tmp_path)
    assert run("papers", "missing").stdout == "Every paper of the journal is here.\n"
    (journal / "papers-2026-10.txt").write_text(
        "2026-10-31T02:00:00Z filing_receipt 310000 ACDEFGHJK3\n" * 2 + "2026-10-31T02:00:0\n"
    )

    found = run("papers", "missing")

    assert found.exit_code == 1
    assert found.stdout.splitlines() == [
        "papers-2026-10.txt, line 3: cannot be read",
        "2026-10-31T02:00:00Z filing_receipt 310000 ACDEFGHJK3",
    ]
    assert "Of the journal, missing here: 2 papers." in found.stderr


@pytest.mark.parametrize(
    ("backup", "gone"),
    [
        # 400 days before 24 November 2026 lie on 20 October 2025.
        (None, {"2024-12", "2025-09"}),
        ("2025-11-30T00:00:00", {"2024-12", "2025-09"}),
        # A backup that the office kept keeps every month since it, and its own.
        ("2025-09-30T23:59:59", {"2024-12"}),
    ],
)
def test_months_that_no_backup_needs_are_deleted(tmp_path, backup, gone):
    months = ("2024-12", "2025-09", "2025-10", "2026-11")
    for month in months:
        (tmp_path / f"papers-{month}.txt").touch()
    (tmp_path / "papers-2020-01-old.txt").touch()
    made = datetime.fromisoformat(backup).replace(tzinfo=UTC) if backup else None

    assert forget_journal(tmp_path, at=NOW, oldest_backup=made) == len(gone)

    left = {path.stem.removeprefix("papers-") for path in tmp_path.iterdir()}
    assert left == {*months, "2020-01-old"} - gone
    assert forget_journal(tmp_path / "not-mounted", at=NOW) == 0
    assert forget_journal(None, at=NOW) == 0


def test_without_a_journal_it_is_told_which_setting_keeps_one(run, tmp_path, monkeypatch):
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    own_sqlite(tmp_path)

    assert "set SIWEB_PAPERS_DIR: no journal is kept" in run("papers", "missing").stderr
    refused = run("papers", "missing", "--in", tmp_path / "not-mounted")
    assert "cannot be read" in refused.stderr
