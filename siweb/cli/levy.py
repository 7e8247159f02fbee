"""siweb levy."""

import click
from sqlalchemy.orm import Session

from siweb import clock, schema
from siweb.audit.actor import Actor, Channel
from siweb.cli.settings import command_settings
from siweb.collection.compare_levy import oddest_changes, total_before
from siweb.collection.levy_run import LevyRun, LevyState
from siweb.collection.run_levy import compute_batches, issue_levy, open_levy
from siweb.db.engine import make_engine, make_sessions
from siweb.registry.region import Region
from siweb.rules.errors import RuleError
from siweb.rules.money import yuan_from_fen
from siweb.rules.months import parse_month
from siweb.rules.parameters.parameter_set import ParameterMissing

assert schema.metadata.tables
COMMAND = Actor(account_id=None, person_id=None, channel=Channel.COMMAND)


@click.command()
@click.option("--region", required=True, help="The region's code.")
@click.option("--month", required=True, help="The contribution month, YYYY-MM.")
@click.option("--dry-run", is_flag=True, help="Only show what would be billed; keep nothing.")
def levy(region: str, month: str, dry_run: bool) -> None:
    """Compute what is due in a region for a month, and bill it.

    A second run bills only what was not billed; one that was stopped is finished by running again.
    """
    try:
        parse_month(month)
    except RuleError:
        raise click.BadParameter(f"{month} is not a month like 2026-08.") from None
    with make_sessions(make_engine(command_settings().engine_url))() as session:
        if session.get(Region, region) is None:
            raise click.BadParameter(f"{region} is not a region of this office.")
        try:
            run = open_levy(session, region, month, actor=COMMAND, on=clock.today(), at=clock.now())
        except ParameterMissing as missing:
            raise click.ClickException(str(missing)) from missing
        _compute(session, run, keep=not dry_run)
        issue_levy(session, run, actor=COMMAND, at=clock.now())
        _show(session, run)
        if dry_run:
            session.rollback()
            click.echo("Nothing was kept: this was a dry run.")
        else:
            session.commit()


def _compute(session: Session, run: LevyRun, *, keep: bool) -> None:
    if keep:
        session.commit()
    for batch in compute_batches(session, run, at=clock.now()):
        if keep:
            session.commit()
        click.echo(f"{batch.records} records, people up to {batch.people[1]}")


def _show(session: Session, run: LevyRun) -> None:
    if run.state is LevyState.CANCELLED:
        click.echo("There is nothing to bill.")
        return
    totals = run.totals
    before = total_before(session, run)
    for insurance, fen in sorted(totals["insurances"].items()):
        click.echo(f"{insurance:<14}{yuan_from_fen(fen):>20}")
    click.echo(f"{'total':<14}{yuan_from_fen(totals['total_fen']):>20}")
    click.echo(f"{'month before':<14}{yuan_from_fen(before):>20}")
    click.echo(f"{totals['bills']} bills for {totals['people']} people, due on {run.due_on}.")
    changes = oddest_changes(session, run)
    if changes:
        click.echo("Largest changes from the month before:")
    for one in changes:
        click.echo(f"{yuan_from_fen(one.difference_fen):>20}  {one.employer_name}")
