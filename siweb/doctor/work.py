"""The work: schema, clock, jobs, seals, closing of days, backups, figures, messages."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from siweb.backup.drill import last_drill
from siweb.backup.retention import backups_in
from siweb.clock import office_day
from siweb.collection.levy.provisional import provisional_figures
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


def schema_findings(*, is_own: bool) -> Iterator[Finding]:
    """Say whether the tables are those of this version."""
    if is_own:
        yield well(N_("schema"), N_("the newest"))
    else:
        yield ill(N_("schema"), N_("not that of this version"), N_("run siweb upgrade"))


def clock_findings(standing: Standing, at: datetime) -> Iterator[Finding]:
    """Look whether the log has lines from the future: the clock was ahead, or is behind now."""
    last = standing.logged_at
    if last is not None and last > at + _CLOCKS_DIFFER:
        yield ill(
            N_("clock"),
            N_("the log has a line of %(instant)s UTC, which is still to come"),
            N_("set the clock by NTP: due days and late fees go by it"),
            instant=f"{last:%Y-%m-%d %H:%M}",
        )
    else:
        yield well(N_("clock"), "%(instant)s UTC", instant=f"{at:%Y-%m-%d %H:%M}")


def job_findings(standing: Standing) -> Iterator[Finding]:
    """Look whether a worker does the jobs, and which failed."""
    if standing.jobs_left:
        yield ill(
            N_("worker"),
            N_("jobs wait, and nobody does them"),
            N_("start siweb work (systemctl start siweb-work)"),
        )
    else:
        yield well(N_("worker"), N_("no job waits for long"))
    if standing.jobs_failed:
        yield watch(
            N_("failed jobs"),
            N_("in the last week: %(references)s"),
            N_("find them in the log by these words"),
            references=standing.jobs_failed,
        )
    else:
        yield well(N_("failed jobs"), N_("none in the last week"))


def seal_findings(standing: Standing, at: datetime) -> Iterator[Finding]:
    """Look whether the log is sealed in time, and days are closed."""
    if standing.late_lines and standing.late_since is not None:
        yield ill(
            N_("log"),
            N_("waiting for their seal since %(instant)s UTC, lines: %(lines)s"),
            N_("start siweb work, or run siweb seal"),
            lines=standing.late_lines,
            instant=f"{standing.late_since:%Y-%m-%d %H:%M}",
        )
    else:
        yield well(N_("log"), N_("sealed as it is written"))
    if standing.sealed_on is None:
        yield watch(
            N_("books"), N_("no day was ever closed"), N_("run siweb close-day every night")
        )
    elif office_day(at) - standing.sealed_on > _CLOSED_WITHIN:
        yield ill(
            N_("books"),
            N_("last sealed on %(day)s"),
            N_("run siweb close-day, and look at siweb-close-day.timer"),
            day=standing.sealed_on,
        )
    else:
        yield well(N_("books"), N_("last sealed on %(day)s"), day=standing.sealed_on)


def backup_findings(folder: Path, at: datetime) -> Iterator[Finding]:
    """Look how old the newest backup is, and how long ago one was restored for trial."""
    found = backups_in(folder)
    if not found:
        yield ill(
            N_("backup"),
            N_("there is none in %(folder)s"),
            N_("run siweb backup every night"),
            folder=folder,
        )
        return
    hours = found[0].age(at).total_seconds() / 3600
    says = N_("%(file)s; its age in hours: %(hours)s")
    facts = {"file": found[0].path.name, "hours": f"{hours:,.0f}"}
    if found[0].age(at) > _BACKUP_AGE:
        advice = N_("run siweb backup, and look at siweb-backup.timer")
        yield ill(N_("backup"), says, advice, **facts)
    else:
        yield well(N_("backup"), says, **facts)
    yield from _drill_findings(folder, at)


def _drill_findings(folder: Path, at: datetime) -> Iterator[Finding]:
    last = last_drill(folder)
    advice = N_("run siweb backup drill --identity KEY, with the key from where it is kept")
    if last is None:
        yield watch(N_("restore drill"), N_("none was ever held"), advice)
        return
    says = N_("held on %(day)s, with %(file)s")
    day = office_day(last.at)
    if last.wrong:
        yield ill(
            N_("restore drill"),
            N_("the books of %(file)s did not balance"),
            N_("run siweb check, then siweb backup, and hold it again"),
            file=last.backup,
        )
    elif at - last.at > _DRILL_AGE:
        yield watch(N_("restore drill"), says, advice, day=day, file=last.backup)
    else:
        yield well(N_("restore drill"), says, day=day, file=last.backup)


def figure_findings(session: Session, packs: PackSet, at: datetime) -> Iterator[Finding]:
    """Look whether the law's figures are there for this month and next January."""
    this_month = month_of(office_day(at))
    january = f"{int(this_month[:4]) + 1}-01"
    for region in hosted_regions(session):
        subject = N_("figures of %(region)s")
        if is_shipped(packs, region.code):
            yield watch(
                subject,
                N_("those that come with siweb, for trying"),
                N_("import your own: siweb packs"),
                region=region.code,
            )
            continue
        missing = [
            f"{figure['key']} {figure['since']}"
            for month in dict.fromkeys((this_month, add_months(this_month, 1), january))
            for figure in _missing(packs, region.code, month)
        ]
        if missing:
            yield watch(
                subject,
                N_("notices are missing, each with its month: %(figures)s"),
                N_("import them as they are published: siweb packs"),
                region=region.code,
                figures="; ".join(dict.fromkeys(missing)),
            )
        else:
            yield well(subject, N_("there up to %(month)s"), region=region.code, month=january)


def _missing(packs: PackSet, region_code: str, month: str) -> list[dict[str, str]]:
    try:
        return list(provisional_figures(packs.parameters(region_code, month)))
    except RuleError as error:
        return [{"key": error.code, "since": month}]


def message_findings(standing: Standing, settings: Settings) -> Iterator[Finding]:
    """Look whether messages leave the office, and what did not arrive."""
    if not settings.smtp_host and not settings.sms_gateway:
        yield watch(
            N_("messages"),
            N_("they stand in inboxes alone"),
            N_("set SIWEB_SMTP_HOST or SIWEB_SMS_GATEWAY (docs/messages.md)"),
        )
        return
    if standing.undelivered:
        yield watch(
            N_("messages"),
            N_("%(number)s did not arrive in the last week"),
            N_("see the mail server's log"),
            number=standing.undelivered,
        )
    else:
        yield well(N_("messages"), N_("all that were sent in the last week arrived"))
