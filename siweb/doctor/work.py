"""The work: schema, clock, jobs, seals, closing of days, backups, figures, messages."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from siweb.audit.activity import Activity
from siweb.audit.chain.seal import late_lines
from siweb.backup.retention import backups_in
from siweb.clock import office_day
from siweb.collection.levy.provisional import provisional_figures
from siweb.db.migrate import is_current
from siweb.doctor.finding import Finding, ill, watch, well
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
# A day's backup, and the hour that it may take.
_BACKUP_AGE = timedelta(hours=25)
# Closed every day: the day before yesterday at the latest.
_CLOSED_WITHIN = timedelta(days=2)
# Clocks of several machines differ by seconds; a line from the future was written by a wrong one.
_CLOCKS_DIFFER = timedelta(minutes=2)


def schema_findings(engine: Engine) -> Iterator[Finding]:
    """Look whether the tables are those of this version."""
    if is_current(engine):
        yield well("schema", "the newest")
    else:
        yield ill("schema", "not that of this version", "run siweb backup, then siweb migrate")


def clock_findings(session: Session, at: datetime) -> Iterator[Finding]:
    """Look whether the log has lines from the future: the clock was ahead, or is behind now."""
    last = session.scalar(select(func.max(Activity.at)))
    if last is not None and last > at + _CLOCKS_DIFFER:
        yield ill(
            "clock",
            f"the log has a line of {last:%Y-%m-%d %H:%M} UTC, which is still to come",
            "set the clock by NTP: due days and late fees go by it",
        )
    else:
        yield well("clock", f"{at:%Y-%m-%d %H:%M} UTC")


def job_findings(session: Session, at: datetime) -> Iterator[Finding]:
    """Look whether a worker does the jobs, and which failed."""
    waiting = session.scalar(
        select(func.min(Job.run_after)).where(Job.state == JobState.QUEUED, Job.run_after <= at)
    )
    silent = session.scalar(
        select(func.count()).where(Job.state == JobState.RUNNING, Job.heartbeat_at < at - _WAITS)
    )
    if (waiting is not None and waiting < at - _WAITS) or silent:
        yield ill(
            "worker",
            "jobs wait, and nobody does them",
            "start siweb work (systemctl start siweb-work)",
        )
    else:
        yield well("worker", "no job waits for long")
    failed = session.scalars(
        select(Job.failure_reference)
        .where(Job.state == JobState.FAILED, Job.finished_at >= at - _LATELY)
        .order_by(Job.finished_at.desc())
        .limit(5)
    ).all()
    if failed:
        references = ", ".join(str(each) for each in failed)
        yield watch(
            "failed jobs", f"in the last week: {references}", "find them in the log by these words"
        )
    else:
        yield well("failed jobs", "none in the last week")


def seal_findings(session: Session, at: datetime) -> Iterator[Finding]:
    """Look whether the log is sealed in time, and days are closed."""
    if late := late_lines(session, written_before=at - _SEALED_WITHIN):
        yield ill(
            "log",
            f"{late.lines} lines wait for their seal since {late.since:%Y-%m-%d %H:%M} UTC",
            "start siweb work, or run siweb seal",
        )
    else:
        yield well("log", "sealed as it is written")
    closing = last_closing(session)
    if closing is None:
        yield watch("books", "no day was ever closed", "run siweb close-day every night")
    elif office_day(at) - closing.sealed_on > _CLOSED_WITHIN:
        yield ill(
            "books",
            f"last sealed on {closing.sealed_on}",
            "run siweb close-day, and look at siweb-close-day.timer",
        )
    else:
        yield well("books", f"last sealed on {closing.sealed_on}")


def backup_findings(folder: Path, at: datetime) -> Iterator[Finding]:
    """Look how old the newest backup is."""
    found = backups_in(folder)
    if not found:
        yield ill("backup", f"there is none in {folder}", "run siweb backup every night")
        return
    hours = found[0].age(at).total_seconds() / 3600
    says = f"{found[0].path.name}, {hours:,.0f} hours old"
    if found[0].age(at) > _BACKUP_AGE:
        yield ill("backup", says, "run siweb backup, and look at siweb-backup.timer")
    else:
        yield well("backup", says)


def figure_findings(session: Session, packs: PackSet, at: datetime) -> Iterator[Finding]:
    """Look whether the law's figures are there for this month and next January."""
    this_month = month_of(office_day(at))
    january = f"{int(this_month[:4]) + 1}-01"
    for region in hosted_regions(session):
        subject = f"figures of {region.code}"
        if is_shipped(packs, region.code):
            yield watch(
                subject, "those that come with siweb, for trying", "import your own: siweb packs"
            )
            continue
        missing = [
            f"{figure['key']} since {figure['since']}"
            for month in dict.fromkeys((this_month, add_months(this_month, 1), january))
            for figure in _missing(packs, region.code, month)
        ]
        if missing:
            yield watch(
                subject,
                f"notices are missing: {'; '.join(dict.fromkeys(missing))}",
                "import them as they are published: siweb packs",
            )
        else:
            yield well(subject, f"there up to {january}")


def _missing(packs: PackSet, region_code: str, month: str) -> list[dict[str, str]]:
    try:
        return list(provisional_figures(packs.parameters(region_code, month)))
    except RuleError as error:
        return [{"key": error.code, "since": month}]


def message_findings(session: Session, settings: Settings, at: datetime) -> Iterator[Finding]:
    """Look whether messages leave the office, and what did not arrive."""
    if not settings.smtp_host and not settings.sms_gateway:
        yield watch(
            "messages",
            "they stand in inboxes alone",
            "set SIWEB_SMTP_HOST or SIWEB_SMS_GATEWAY (docs/messages.md)",
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
            "messages", f"{failed} did not arrive in the last week", "see the mail server's log"
        )
    else:
        yield well("messages", "all that were sent in the last week arrived")
