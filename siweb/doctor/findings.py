"""Look the whole office over: the command and the desk's page show the same."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from siweb.audit.access_log.size import size_of_log
from siweb.backup.retention import backup_folder
from siweb.doctor.finding import Finding
from siweb.doctor.machine import (
    folder_findings,
    journal_findings,
    secret_findings,
    settings_findings,
)
from siweb.doctor.standing import read_standing
from siweb.doctor.work import (
    access_log_findings,
    backup_findings,
    clock_findings,
    figure_findings,
    job_findings,
    message_findings,
    seal_findings,
    statistics_findings,
)
from siweb.rules.parameters.pack_set import PackSet
from siweb.settings import Settings


def machine_findings(settings: Settings, at: datetime) -> Iterator[Finding]:
    """Yield what is found on this machine, without asking anybody."""
    yield from settings_findings(settings)
    yield from secret_findings(settings)
    yield from folder_findings(settings)
    yield from journal_findings(settings)
    yield from backup_findings(backup_folder(settings), at)


def work_findings(
    session: Session, packs: PackSet, settings: Settings, at: datetime
) -> Iterator[Finding]:
    """Yield what is found in a database of this version."""
    standing = read_standing(session, at)
    yield from clock_findings(standing, at)
    yield from job_findings(standing)
    yield from seal_findings(standing, at)
    yield from access_log_findings(size_of_log(session, settings.var_dir))
    yield from statistics_findings(session, standing)
    yield from figure_findings(session, packs, at)
    yield from message_findings(standing, settings)
