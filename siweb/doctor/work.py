"""The work: schema, clock, jobs, seals, closing of days, backups, figures, messages."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from siweb.audit.activity import Activity
from siweb.audit.chain.seal import late_lines
from siweb.backup.drill import last_drill
from siweb.backup.retention import backups_in
from siweb.clock import office_day
from siweb.collection.levy.provisional import provisional_figures
from siweb.doctor.finding import N_, Finding, ill, watch, well
from siweb.ledgers.seals.seal import last_closing
from siweb.messages.tables.delivery import DeliveryState, MessageDelivery
from siweb.queue.job import Job, JobState
from siweb.registry.regions.hosted import hosted_regions
from siweb.rules.calendar.months import add_months, month_of
from siweb.rules.errors import RuleError
from siweb.rules.parameters.load import is_shipped
from siweb.rules.parameters.pack_set import PackSet
from siweb.settings import Settings

# A worker looks twice a second: whoever waits so long has none.
_WAITS = timedelta(minutes=10)
_SEALED_WITHIN = timedelta(minutes=1)
# What failed is of interest for as long.
_LATELY = timedelta(days=7)
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


def clock_findings(session: Session, at: datetime) -> Iterator[Finding]:
    """Look whether the log has lines from the future: the clock was ahead, or is behind now."""
    last = session.scalar(select(func.max(Activity.at)))
    if last is not None and last > at + _CLOCKS_DIFFER:
        yield ill(
            N_("clock"),
            N_("the log has a line of %(instant)s UTC, which is still to come"),
            N_("set the clock by NTP: due days and late fees go by it"),
            instant=f"{last:%Y-%m-%d %H:%M}",
        )
    else:
        yield well(N_("clock"), "%(instant)s UTC", instant=f"{at:%Y-%m-%d %H:%M}")


def job_findings(session: Session, at: datetime) -> Iterator[Finding]:
    """Look whether a worker does the jobs, and which failed."""
    is_silent = (Job.state == JobState.RUNNING) & (Job.heartbeat_at < at - _WAITS)
    waits = (Job.state == JobState.QUEUED) & (Job.run_after < at - _WAITS)
    left = session.scalar(
        select(func.sum(case((is_silent | waits, 1), else_=0))).where(
            Job.state.in_((JobState.QUEUED, JobState.RUNNING))
        )
    )
    if left:
        yield ill(
            N_("worker"),
            N_("jobs wait, and nobody does them"),
            N_("start siweb work (systemctl start siweb-work)"),
        )
    else:
        yield well(N_("worker"), N_("no job waits for long"))
    failed = session.scalars(
        select(Job.failure_reference)
        .where(Job.state == JobState.FAILED, Job.finished_at >= at - _LATELY)
        .order_by(Job.finished_at.desc())
        .limit(5)
    ).all()
    if failed:
        yield watch(
            N_("failed jobs"),
            N_("in the last week: %(references)s"),
            N_("find them in the log by these words"),
            references=", ".join(str(each) for each in failed),
        )
    else:
        yield well(N_("failed jobs"), N_("none in the last week"))


def seal_findings(session: Session, at: datetime) -> Iterator[Finding]:
    """Look whether the log is sealed in time, and days are closed."""
    if late := late_lines(session, written_before=at - _SEALED_WITHIN):
        yield ill(
            N_("log"),
            N_("waiting for their seal since %(instant)s UTC, lines: %(lines)s"),
            N_("start siweb work, or run siweb seal"),
            lines=late.lines,
            instant=f"{late.since:%Y-%m-%d %H:%M}",
        )
    else:
        yield well(N_("log"), N_("sealed as it is written"))
    closing = last_closing(session)
    if closing is None:
        yield watch(
            N_("books"), N_("no day was ever closed"), N_("run siweb close-day every night")
        )
    elif office_day(at) - closing.sealed_on > _CLOSED_WITHIN:
        yield ill(
            N_("books"),
            N_("last sealed on %(day)s"),
            N_("run siweb close-day, and look at siweb-close-day.timer"),
            day=closing.sealed_on,
        )
    else:
        yield well(N_("books"), N_("last sealed on %(day)s"), day=closing.sealed_on)


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


def message_findings(session: Session, settings: Settings, at: datetime) -> Iterator[Finding]:
    """Look whether messages leave the office, and what did not arrive."""
    if not settings.smtp_host and not settings.sms_gateway:
        yield watch(
            N_("messages"),
            N_("they stand in inboxes alone"),
            N_("set SIWEB_SMTP_HOST or SIWEB_SMS_GATEWAY (docs/messages.md)"),
        )
        return
    failed = session.scalar(
        select(func.count()).where(
            MessageDelivery.state == DeliveryState.FAILED,
            MessageDelivery.next_try_at >= at - _LATELY,
        )
    )
    if failed:
        yield watch(
            N_("messages"),
            N_("%(number)s did not arrive in the last week"),
            N_("see the mail server's log"),
            number=failed,
        )
    else:
        yield well(N_("messages"), N_("all that were sent in the last week arrived"))
