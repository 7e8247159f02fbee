"""The work: schema, clock, jobs, seals, closing of days, backups, figures, messages."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from siweb.audit.access_log.size import LogSize
from siweb.audit.chain.link import ActivityLink
from siweb.backup.drill import last_drill
from siweb.backup.retention import backups_in
from siweb.clock import office_day
from siweb.collection.levy.provisional import provisional_figures
from siweb.db.statistics import MANY_ROWS, planned_rows
from siweb.doctor.finding import N_, Finding, ill, watch, well
from siweb.doctor.standing import Standing
from siweb.registry.regions.hosted import hosted_regions
from siweb.rules.calendar.months import add_months, month_of
from siweb.rules.errors import RuleError
from siweb.rules.parameters.load import is_shipped
from siweb.rules.parameters.pack_set import PackSet
from siweb.settings import Settings

# Four times a year, with some days to spare.
_DRILL_AGE = timedelta(days=100)
# A day's backup, and the hour that it may take.
_BACKUP_AGE = timedelta(hours=25)
# Closed every day: the day before yesterday at the latest.
_CLOSED_WITHIN = timedelta(days=2)
# Clocks of several machines differ by seconds; a line from the future was written by a wrong one.
_CLOCKS_DIFFER = timedelta(minutes=2)


# A table that grew less is planned for as it was, and rightly.
_GROWN = 10

_DATABASE, _WORKER, _FAILED = N_("database"), N_("worker"), N_("failed jobs")
_LOG, _BOOKS, _BACKUP, _DRILL = N_("log"), N_("books"), N_("backup"), N_("restore drill")
_ACCESS_LOG = N_("access log")
_MEGABYTE = 1_000_000
_FIGURES, _MESSAGES, _STATISTICS = N_("figures of %(region)s"), N_("messages"), N_("statistics")
_AGE = N_("%(file)s; its age in hours: %(hours)s")
_HELD = N_("held on %(day)s, with %(file)s")
_HOLD = N_("run siweb backup drill --identity KEY, with the key from where it is kept")
NOT_WRITTEN = ill(
    _DATABASE,
    N_("cannot be written"),
    N_("see that its server or disk is there and can be written"),
)
FAILED_WHEN_ASKED = ill(
    _DATABASE, N_("it failed when asked: %(error)s"), N_("see the database's own log")
)
OTHER_SCHEMA = ill(N_("schema"), N_("not that of this version"), N_("run siweb upgrade"))
WRONG_CLOCK = ill(
    N_("clock"),
    N_("the log has a line of %(instant)s UTC, which is still to come"),
    N_("set the clock by NTP: due days and late fees go by it"),
)
NO_WORKER = ill(
    _WORKER,
    N_("jobs wait, and nobody does them"),
    N_("start siweb work (systemctl start siweb-work)"),
)
JOBS_FAILED = watch(
    _FAILED, N_("in the last week: %(references)s"), N_("find them in the log by these words")
)
UNSEALED = ill(
    _LOG,
    N_("waiting for their seal since %(instant)s UTC, lines: %(lines)s"),
    N_("start siweb work, or run siweb seal"),
)
NEVER_CLOSED = watch(_BOOKS, N_("no day was ever closed"), N_("run siweb close-day every night"))
NOT_CLOSED = ill(
    _BOOKS,
    N_("last sealed on %(day)s"),
    N_("run siweb close-day, and look at siweb-close-day.timer"),
)
NO_BACKUP = ill(_BACKUP, N_("there is none in %(folder)s"), N_("run siweb backup every night"))
OLD_BACKUP = ill(_BACKUP, _AGE, N_("run siweb backup, and look at siweb-backup.timer"))
NEVER_DRILLED = watch(_DRILL, N_("none was ever held"), _HOLD)
FAILED_DRILL = ill(
    _DRILL,
    N_("the books of %(file)s did not balance"),
    N_("run siweb check, then siweb backup, and hold it again"),
)
OLD_DRILL = watch(_DRILL, _HELD, _HOLD)
SHIPPED_FIGURES = watch(
    _FIGURES, N_("those that come with siweb, for trying"), N_("import your own: siweb packs")
)
MISSING_FIGURES = watch(
    _FIGURES,
    N_("notices are missing, each with its month: %(figures)s"),
    N_("import them as they are published: siweb packs"),
)
NO_GATEWAY = watch(
    _MESSAGES,
    N_("they stand in inboxes alone"),
    N_("set SIWEB_SMTP_HOST or SIWEB_SMS_GATEWAY (docs/messages.md)"),
)
UNDELIVERED = watch(
    _MESSAGES,
    N_("%(number)s did not arrive in the last week"),
    N_("see the mail server's log"),
)
OLD_STATISTICS = watch(
    _STATISTICS,
    N_(
        "lines of the log that the database plans for: %(planned)s; lines that are there: %(lines)s"
    ),
    N_("run siweb day every night, and look at siweb-day.timer"),
)


def database_findings(*, is_written: bool) -> Iterator[Finding]:
    """Say whether the database answers, and takes what is written."""
    if is_written:
        yield well(_DATABASE, N_("answers, and can be written"))
    else:
        yield NOT_WRITTEN.found()


def schema_findings(*, is_own: bool) -> Iterator[Finding]:
    """Say whether the tables are those of this version."""
    if is_own:
        yield well(N_("schema"), N_("the newest"))
    else:
        yield OTHER_SCHEMA.found()


def clock_findings(standing: Standing, at: datetime) -> Iterator[Finding]:
    """Look whether the log has lines from the future: the clock was ahead, or is behind now."""
    last = standing.logged_at
    if last is not None and last > at + _CLOCKS_DIFFER:
        yield WRONG_CLOCK.found(instant=f"{last:%Y-%m-%d %H:%M}")
    else:
        yield well(N_("clock"), "%(instant)s UTC", instant=f"{at:%Y-%m-%d %H:%M}")


def job_findings(standing: Standing) -> Iterator[Finding]:
    """Look whether a worker does the jobs, and which failed."""
    if standing.jobs_left:
        yield NO_WORKER.found()
    else:
        yield well(_WORKER, N_("no job waits for long"))
    if standing.jobs_failed:
        yield JOBS_FAILED.found(references=standing.jobs_failed)
    else:
        yield well(_FAILED, N_("none in the last week"))


def seal_findings(standing: Standing, at: datetime) -> Iterator[Finding]:
    """Look whether the log is sealed in time, and days are closed."""
    if standing.late_lines and standing.late_since is not None:
        yield UNSEALED.found(
            lines=standing.late_lines, instant=f"{standing.late_since:%Y-%m-%d %H:%M}"
        )
    else:
        yield well(_LOG, N_("sealed as it is written"))
    if standing.sealed_on is None:
        yield NEVER_CLOSED.found()
    elif office_day(at) - standing.sealed_on > _CLOSED_WITHIN:
        yield NOT_CLOSED.found(day=standing.sealed_on)
    else:
        yield well(_BOOKS, N_("last sealed on %(day)s"), day=standing.sealed_on)


def access_log_findings(log: LogSize | None) -> Iterator[Finding]:
    """Say how large the log of who looked is, and since when it is kept: it is only added to."""
    if log is None or log.oldest is None:
        yield well(_ACCESS_LOG, N_("nobody was shown anything yet"))
        return
    size = f"{log.size / _MEGABYTE:,.1f}"
    yield well(_ACCESS_LOG, N_("%(size)s MB, kept since %(day)s"), size=size, day=log.oldest)


def statistics_findings(session: Session, standing: Standing) -> Iterator[Finding]:
    """Look whether the database plans for the office as it is: `siweb day` lets it look anew.

    By the log's chain, which everything lengthens: no database keeps the day of its looking on
    SQLite, and an old look does no harm while nothing grew.
    """
    planned = planned_rows(session, ActivityLink)
    if standing.lines > planned * _GROWN + MANY_ROWS:
        yield OLD_STATISTICS.found(planned=planned, lines=standing.lines)
    else:
        yield well(_STATISTICS, N_("they are those of an office of this size"))


def backup_findings(folder: Path, at: datetime) -> Iterator[Finding]:
    """Look how old the newest backup is, and how long ago one was restored for trial."""
    found = backups_in(folder)
    if not found:
        yield NO_BACKUP.found(folder=folder)
        return
    hours = found[0].age(at).total_seconds() / 3600
    facts = {"file": found[0].path.name, "hours": f"{hours:,.0f}"}
    if found[0].age(at) > _BACKUP_AGE:
        yield OLD_BACKUP.found(**facts)
    else:
        yield well(_BACKUP, _AGE, **facts)
    yield from _drill_findings(folder, at)


def _drill_findings(folder: Path, at: datetime) -> Iterator[Finding]:
    last = last_drill(folder)
    if last is None:
        yield NEVER_DRILLED.found()
        return
    day = office_day(last.at)
    if last.wrong:
        yield FAILED_DRILL.found(file=last.backup)
    elif at - last.at > _DRILL_AGE:
        yield OLD_DRILL.found(day=day, file=last.backup)
    else:
        yield well(_DRILL, _HELD, day=day, file=last.backup)


def figure_findings(session: Session, packs: PackSet, at: datetime) -> Iterator[Finding]:
    """Look whether the law's figures are there for this month and next January."""
    this_month = month_of(office_day(at))
    january = f"{int(this_month[:4]) + 1}-01"
    for region in hosted_regions(session):
        if is_shipped(packs, region.code):
            yield SHIPPED_FIGURES.found(region=region.code)
            continue
        missing = [
            f"{figure['key']} {figure['since']}"
            for month in dict.fromkeys((this_month, add_months(this_month, 1), january))
            for figure in _missing(packs, region.code, month)
        ]
        if missing:
            figures = "; ".join(dict.fromkeys(missing))
            yield MISSING_FIGURES.found(region=region.code, figures=figures)
        else:
            yield well(_FIGURES, N_("there up to %(month)s"), region=region.code, month=january)


def _missing(packs: PackSet, region_code: str, month: str) -> list[dict[str, str]]:
    try:
        return list(provisional_figures(packs.parameters(region_code, month)))
    except RuleError as error:
        return [{"key": error.code, "since": month}]


def message_findings(standing: Standing, settings: Settings) -> Iterator[Finding]:
    """Look whether messages leave the office, and what did not arrive."""
    if not settings.smtp_host and not settings.sms_gateway:
        yield NO_GATEWAY.found()
    elif standing.undelivered:
        yield UNDELIVERED.found(number=standing.undelivered)
    else:
        yield well(_MESSAGES, N_("all that were sent in the last week arrived"))
