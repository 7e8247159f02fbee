"""The days of a small office, with what happens on them, and what each month came to."""

import calendar
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from alembic import command

from siweb.cli.operation import upgrade
from siweb.db.engine import make_engine
from siweb.db.migrate import alembic_config
from siweb.documents.proof.journal.line import JournalLine

COUNTED = ("contribution_record", "bill", "payment", "document", "filing", "person")
WEEK = 7
DEEDS = ("day", "close-day", "backup", "check", "levy", "file")


@dataclass(frozen=True)
class Plan:
    """How long, how many, and in which month what goes wrong."""

    months: int
    employers: int
    people: int
    lost_disk: int
    bad_upgrade: int
    first: date = date(2024, 12, 1)
    # In a short run the nights before something happens alone: each takes half a second.
    only_nights_of: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Month:
    """What a month came to."""

    name: str
    records: int
    database: int
    backup: int
    seconds: dict[str, float]


def rows(office):
    """How many rows there are of what people and employers handed in, were billed and paid."""
    with closing(sqlite3.connect(office.settings.var_dir / "siweb.sqlite3")) as connection:
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in COUNTED
        }


def journal(office):
    return [
        JournalLine.read(line)
        for path in sorted((office.share / "papers").iterdir())
        for line in path.read_text().splitlines()
    ]


def live(office, plan):
    """Yield each month of a plan; whatever is not as it must be fails."""
    office.open(plan.first, plan.employers, plan.people)
    missing: list[str] = []
    day, last = plan.first, plan.first
    for number in range(1, plan.months + 1):
        office.spent.clear()
        while day.month == last.month:
            if not plan.only_nights_of or day.day in plan.only_nights_of:
                keep(office, day)
            if day.day == 5:
                office.at(day, 10)
                handed_in(office, day, number)
                if number == plan.lost_disk:
                    missing += lose_the_disk(office, day)
            if day.day == 10:
                office.at(day, 11)
                office.levy(day)
            if day.day == 20:
                office.at(day, 14)
                office.book_payments(day)
            if day.day == 24 and number == plan.bad_upgrade:
                office.at(day, 22)
                upgrade_badly(office, day)
            day += timedelta(days=1)
        yield month_of(office, f"{last:%Y-%m}")
        last = day
        if day.month in (1, 7):
            office.at(day, 0, 5)
            office.renew_tokens(day)
    office.at(day, 9)
    assert office.run("check") == "The books balance.\n"
    exit_code = int(bool(missing))
    told = office.run("papers", "missing", exit_code=exit_code)
    assert [line.split()[-1] for line in told.splitlines() if " 310000 " in line] == missing


def keep(office, day):
    """What timers do in a night, and what whoever keeps the office reads in the morning."""
    office.at(day, 0, 17)
    office.run("day")
    office.at(day, 1, 7)
    office.run("close-day")
    office.at(day, 2, 43)
    is_sunday = day.weekday() == calendar.SUNDAY
    # One a month is proved by restoring it: laying a schema takes seconds.
    office.run("backup", *([] if is_sunday and day.day <= WEEK else ["--no-verify"]))
    if is_sunday:
        office.at(day, 4, 23)
        office.run("check")
    office.at(day, 8, 30)
    office.work()
    name = f"siweb-{day - timedelta(days=1):%Y%m%d}T184300Z.zip"
    assert office.age_of_backup() == f"ok    backup: {name}; its age in hours: 6"


def handed_in(office, day, number):
    """Somebody comes and somebody goes; at each employer in turn."""
    uscc = office.employers[number % len(office.employers)]
    office.hire(uscc, day, 2)
    office.leave(uscc, day)
    office.work()


def lose_the_disk(office, day):
    """The disk is gone at three in the afternoon: restore, say what is missing, go on.

    Return the papers that were shown since the backup.
    """
    office.at(day, 15)
    before = rows(office)
    gone, place = office.settings.var_dir, office.settings.var_dir.with_name("new-disk")
    assert "its age in hours: 12" in office.age_of_backup()
    office.close_pages()
    shutil.rmtree(gone)
    office.stand_in(place)
    place.mkdir(mode=0o700)
    newest = max((office.share / "backups").glob("siweb-*.zip"))
    made_at = datetime.strptime(newest.name, "siweb-%Y%m%dT%H%M%SZ.zip").replace(tzinfo=UTC)
    given_since = [line.reference for line in journal(office) if line.issued_at > made_at]
    assert len(given_since) == 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIWEB_VAR_DIR", str(place))
        told = office.run("restore", newest)
    assert "The books balance." in told
    assert "Of the journal of papers, missing here: 2 papers." in told
    told = office.run("papers", "missing", exit_code=1)
    assert [line.split()[-1] for line in told.splitlines()[:2]] == given_since
    # Nothing else is: two people who came, two filings and their receipts.
    after = rows(office)
    assert {name: before[name] - after[name] for name in COUNTED} == dict.fromkeys(COUNTED, 0) | {
        "document": 2,
        "filing": 2,
        "person": 2,
    }
    office.run("check")
    office.open_pages()
    # Whoever holds these receipts hands in again what they are receipts of.
    office.at(day, 16)
    for uscc, filing in office.handed_in[-2:]:
        office.file(uscc, filing)
    office.work()
    return given_since


def upgrade_badly(office, day):
    """A version that breaks the books is named by its own upgrade; its lines lead back."""
    office.close_pages()
    engine = make_engine(office.settings.engine_url)
    command.downgrade(alembic_config(engine), "-1")
    engine.dispose()
    before = rows(office)

    def break_the_books(settings, **given):
        migrate(settings, **given)
        with closing(sqlite3.connect(settings.var_dir / "siweb.sqlite3")) as connection:
            connection.execute("UPDATE bill SET paid_fen = paid_fen + 1 WHERE id = 1")
            connection.commit()

    migrate = upgrade.migrate_office
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upgrade, "migrate_office", break_the_books)
        told = office.run("upgrade", exit_code=1)
    assert "It was migrated, but its books do not balance: go back." in told
    for line in re.findall(r"^  (rm -f .*)$", told, re.MULTILINE):
        subprocess.run(line, shell=True, check=True)
    assert rows(office) == before
    # The next version is a good one.
    office.at(day, 23)
    assert "The books balance." in office.run("upgrade")
    office.open_pages()
    assert office.run("check") == "The books balance.\n"


def month_of(office, name):
    newest = max((office.share / "backups").glob("siweb-*.zip"))
    folder = office.settings.var_dir
    return Month(
        name,
        rows(office)["contribution_record"],
        sum(path.stat().st_size for path in folder.glob("*.sqlite3*")),
        newest.stat().st_size,
        {deed: office.spent[deed] for deed in DEEDS},
    )


def is_linear(values, *, slack=1.25):
    """Whether what grew from the middle of a time to its end grew no more than from its beginning."""
    third = max(1, len(values) // 8)
    middle = len(values) // 2
    until_middle = sum(values[middle - third : middle]) / third
    until_end = sum(values[-third:]) / third
    return until_end <= 2 * until_middle * slack
