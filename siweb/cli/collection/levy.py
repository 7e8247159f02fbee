"""siweb levy."""

from typing import Any

import click
from sqlalchemy.orm import Session

from siweb import clock, schema
from siweb.audit.actor import COMMAND, Actor
from siweb.auth.tables.appointment import Function
from siweb.cli.counted import counted
from siweb.cli.office.operator import maker_of, with_operator
from siweb.cli.settings import command_order, command_sessions
from siweb.collection.levy.bare.month import LEVY_TABLES, part_of_run
from siweb.collection.levy.issue import end_levy
from siweb.collection.levy.not_billed import NotBilled
from siweb.collection.levy.previews.compare import Totals, compare_totals, oddest_changes
from siweb.collection.levy.refusal import LevyRefused
from siweb.collection.levy.run import compute_batches
from siweb.collection.levy.start import open_levy
from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState
from siweb.db.claim import ClaimedElsewhere
from siweb.db.statistics import collect_after
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.region import Region
from siweb.rules.calendar.months import parse_month
from siweb.rules.errors import RuleError
from siweb.rules.insurances import insurance_order
from siweb.rules.numbers.money import yuan_from_fen
from siweb.rules.parameters.parameter_set import ParameterMissing

assert schema.metadata.tables
REFUSALS = {
    "not_begun": "{month} has not begun yet.",
    "adjust_first": "The rate of an insurance is known by now that {month} was billed without: "
    "run siweb adjust for it first.",
    "provisional": "The notice of these figures is missing: --provisional bills {month} with them.",
}


@click.command()
@click.option("--region", required=True, help="The region's code.")
@click.option("--month", required=True, help="The contribution month, YYYY-MM.")
@click.option("--dry-run", is_flag=True, help="Only show what would be billed; keep nothing.")
@click.option(
    "--provisional",
    is_flag=True,
    help="Bill though the notice of some figures is missing; the difference follows later.",
)
@with_operator
def levy(region: str, month: str, *, dry_run: bool, provisional: bool, operator: str) -> None:
    """Compute what is due in a region for a month, and bill it.

    A second run bills only what was not billed; one that was stopped is finished by running again.
    """
    read_month(month)
    kind = LevyKind.PREVIEW if dry_run else LevyKind.REGULAR
    with command_sessions()() as session:
        if session.get(Region, region) is None:
            raise click.BadParameter(f"{region} is not a region of this office.")
        maker = maker_of(session, operator, Function.CONTRIBUTIONS, region_code=region)
        actor = maker or COMMAND
        try:
            run = open_levy(
                session,
                region,
                month,
                packs=packs_in_force(session),
                actor=actor,
                on=clock.today(),
                at=clock.now(),
                kind=kind,
                may_be_provisional=provisional,
            )
        except LevyRefused as refused:
            _show_figures(refused.facts.get("figures"))
            raise click.BadParameter(REFUSALS[refused.code].format(month=month)) from None
        except ParameterMissing as missing:
            raise click.ClickException(str(missing)) from missing
        work_through(session, run, actor)
        show_run(session, run)


def read_month(typed: str) -> str:
    """Return a month as typed.

    :raises BadParameter: when it is none.
    """
    try:
        return parse_month(typed)
    except RuleError:
        raise click.BadParameter(f"{typed} is not a month like 2026-08.") from None


def work_through(session: Session, run: LevyRun, actor: Actor = COMMAND) -> None:
    """Work a run through to its end, and say so batch by batch.

    :raises ClickException: when another process works on the run.
    """
    session.commit()
    try:
        # Once as a rule: a month that somebody wrote to meanwhile is worked through again.
        while run.state is LevyState.COMPUTING:
            for batch in compute_batches(session, run, at=clock.now()):
                session.commit()
                click.echo(f"{counted(batch.records, 'record')}, people up to {batch.people[1]}")
            end_levy(
                session,
                run,
                packs=packs_in_force(session),
                actor=actor,
                at=clock.now(),
                order=command_order(),
            )
            session.commit()
    except ClaimedElsewhere:
        raise click.ClickException("Another process works on this run already.") from None
    part = part_of_run(session, run)
    collect_after(session, run.totals["records"], *LEVY_TABLES, part=part, committed=True)
    session.commit()


def _show_figures(figures: Any) -> None:
    for figure in figures or ():
        what = "ended" if figure["waits"] else "has no newer notice since"
        click.echo(f"{figure['key']} ({figure['notice']}) {what} {figure['since']}.", err=True)


def show_run(session: Session, run: LevyRun) -> None:
    """Say what a run came to."""
    if run.provisional:
        click.echo("Provisional until the notice: the difference is billed or credited later.")
        _show_figures(run.provisional)
    _show_not_billed(run)
    if run.state is LevyState.CANCELLED:
        click.echo("There is nothing to bill.")
        return
    totals, compared = run.totals, compare_totals(session, run)
    for insurance in sorted(totals["insurances"], key=insurance_order):
        click.echo(f"{insurance:<14}{yuan_from_fen(totals['insurances'][insurance]):>20}")
    click.echo(f"{'total':<14}{yuan_from_fen(compared.run_fen):>20}")
    if compared.month_fen != compared.run_fen:
        click.echo(f"{'whole month':<14}{yuan_from_fen(compared.month_fen):>20}")
    if run.kind is not LevyKind.ADJUSTMENT:
        _show_month_before(session, run, compared)
    if run.state is LevyState.SHOWN:
        click.echo(
            f"Nothing was billed to {counted(totals['employers'], 'employer')}: this was a dry run."
        )
    else:
        bills, people = counted(totals["bills"], "bill"), counted(totals["people"], "person")
        click.echo(f"{bills} for {people}, due on {run.due_on}.")


def _show_month_before(session: Session, run: LevyRun, compared: Totals) -> None:
    click.echo(f"{'month before':<14}{yuan_from_fen(compared.before_fen):>20}")
    click.echo(f"{'difference':<14}{yuan_from_fen(compared.difference_fen):>20}")
    changes = oddest_changes(session, run)
    if changes:
        click.echo("Largest changes from the month before:")
    for change in changes:
        click.echo(f"{yuan_from_fen(change.difference_fen):>20}  {change.employer_name}")


def _show_not_billed(run: LevyRun) -> None:
    left = NotBilled(**run.totals.get("not_billed", {}))
    if left.no_base:
        click.echo(f"Without a declared base, and not billed: {counted(left.no_base, 'person')}.")
    if left.assessed:
        click.echo(
            f"Not billed, since the employer is assessed: {counted(left.assessed, 'person')}."
        )
    if left.other:
        click.echo(f"Not billed before the next run: {counted(left.other, 'person')}.")
