"""siweb doctor: what is wrong with this office, and what to do about it."""

from collections.abc import Iterator

import click
from sqlalchemy.exc import SQLAlchemyError

from siweb import clock
from siweb.db.engine import READ_ONLY, make_engine, make_sessions
from siweb.db.migrations.one_version import is_current
from siweb.doctor.certificate import certificate_findings
from siweb.doctor.finding import Finding, Health
from siweb.doctor.findings import machine_findings, work_findings
from siweb.doctor.work import FAILED_WHEN_ASKED, database_findings, schema_findings
from siweb.registry.packs.in_force import packs_in_force
from siweb.settings import SettingError, Settings
from siweb.web.serving.readiness import OK, readiness

_SIGNS = {Health.WELL: "ok   ", Health.WATCH: "watch", Health.ILL: "ILL  "}


@click.command()
@click.option("--all", "shows_all", is_flag=True, help="Show what is as it should be as well.")
def doctor(shows_all: bool) -> None:
    """Look the office over: what is wrong, and what to do about each; end with 1 if it cannot wait.

    Nothing is changed.
    """
    try:
        settings = Settings.load()
    except SettingError as error:
        raise click.ClickException(str(error)) from error
    found = list(findings(settings))
    for finding in found:
        if shows_all or finding.health is not Health.WELL:
            subject, says, advice = finding.in_words()
            click.echo(f"{_SIGNS[finding.health]} {subject}: {says}{advice and f': {advice}'}")
    wrong = sum(finding.health is Health.ILL for finding in found)
    rest = sum(finding.health is Health.WATCH for finding in found)
    click.echo(f"{len(found)} things looked at: {wrong} cannot wait, {rest} to watch.")
    if wrong:
        raise SystemExit(1)


def findings(settings: Settings) -> Iterator[Finding]:
    """Yield what is found; whatever needs the database only where that answers."""
    at = clock.now()
    yield from machine_findings(settings, at)
    yield from certificate_findings(settings, at)
    engine = make_engine(settings.engine_url)
    try:
        is_written = readiness(engine, settings.var_dir)["database"] == OK
        yield from database_findings(is_written=is_written)
        if not is_written:
            return
        (schema,) = schema_findings(is_own=is_current(engine))
        yield schema
        if schema.health is not Health.WELL:
            return
        with make_sessions(engine.execution_options(**{READ_ONLY: True}))() as session:
            yield from work_findings(session, packs_in_force(session), settings, at)
    except SQLAlchemyError as error:
        # By its kind alone: what the database says may quote a row.
        yield FAILED_WHEN_ASKED.found(error=type(error).__name__)
    finally:
        engine.dispose()
