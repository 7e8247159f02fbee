"""siweb bring-in: an old system's data, from its files, checked by a second person."""

from pathlib import Path

import click
from sqlalchemy.orm import Session

from siweb import clock, schema
from siweb.audit.actor import Actor
from siweb.bring_in.actions import (
    ACTIONS,
    KINDS,
    BringInKind,
    keeps_waiting,
    lasts,
    propose_file,
    try_file,
)
from siweb.bring_in.import_file import COUNT, Outcome
from siweb.bring_in.labels import file_text, problem_text
from siweb.bring_in.manual import column_tables
from siweb.bring_in.row_import import yuan_text
from siweb.cli.counted import counted
from siweb.cli.office.operator import because_of, operator_of, with_operator
from siweb.cli.settings import command_files, command_sessions
from siweb.desk.checking.sentences import why
from siweb.documents.spreadsheets.reading.cell import Cell, CellKind
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.filings.sheets.values import Unreadable, fen
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.regions.hosted import hosted_regions
from siweb.rules.errors import Refusal
from siweb.tasks.two_person_action import Doing
from siweb.web.language.locale import office_language

assert schema.metadata.tables


@click.command("bring-in")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--region", "region_code", required=True, help="The region that it is about.")
@click.option(
    "--control",
    "controls",
    multiple=True,
    metavar="NAME=VALUE",
    help="What the old system says of this file: rows=1200, or a column's sum in yuan.",
)
@click.option("--dry-run", is_flag=True, help="Name every problem and the totals; keep nothing.")
@click.option("--because", default="", help="What it rests on: the order to move, its number.")
@click.option(
    "--columns",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _option, asked: _show_columns(context) if asked else None,
    help="Print the columns of every kind, as in docs/bring-in.md, and end.",
)
@with_operator
def bring_in(
    kind: str,
    file: Path,
    region_code: str,
    controls: tuple[str, ...],
    *,
    dry_run: bool,
    because: str,
    operator: str,
) -> None:
    """Bring a FILE of a KIND from an old system: CSV or a spreadsheet, columns in docs/bring-in.md.

    All of it or nothing. It waits for a second person's check (siweb tasks); the same file again
    changes nothing.
    """
    click.get_current_context().with_resource(office_language("en"))
    rests_on = "" if dry_run else because_of(because, "Say in --because what it rests on")
    found = KINDS[kind]
    expected = _controls(found, controls)
    files = command_files()
    with command_sessions()() as session:
        if region_code not in {region.code for region in hosted_regions(session)}:
            raise click.UsageError("This office does not work for that region: siweb region open.")
        actor = _operator(session, operator, found, region_code)
        doing = Doing(actor, clock.now(), packs_in_force(session), files)
        try:
            outcome = try_file(session, found, file, region_code, expected, doing)
        except SheetRefused as refused:
            raise click.ClickException(file_text(refused)) from refused
        _show(found, outcome)
        if outcome.problem_count:
            total = counted(outcome.problem_count, "problem")
            raise click.ClickException(f"{total}: nothing was changed.")
        if dry_run:
            click.echo("A dry run: nothing was changed.")
            return
        try:
            task = propose_file(
                session, found, file, region_code, expected, outcome, rests_on, doing
            )
        except Refusal as refused:
            if refused.code == "bring_in_nothing":
                click.echo(why(refused, ACTIONS[kind]))
                return
            raise click.ClickException(why(refused, ACTIONS[kind])) from refused
        session.commit()
        click.echo(f"Waits for a second person: siweb tasks approve {task.reference}")


def _show(kind: BringInKind, outcome: Outcome) -> None:
    for problem in outcome.problems:
        click.echo(problem_text(problem), err=True)
    if more := outcome.problem_count - len(outcome.problems):
        click.echo(f"... and {counted(more, 'problem')} more", err=True)
    rows = counted(outcome.rows, "row")
    if outcome.problem_count:
        click.echo(f"{kind.name}: {rows}")
    else:
        click.echo(f"{kind.name}: {rows}, {outcome.added} new, {outcome.unchanged} there already")
    for name, total in outcome.sums.items():
        click.echo(f"{name}: {yuan_text(total)}")
    if keeps_waiting(outcome.seconds):
        click.echo(
            f"While it comes in nobody else can save anything, {lasts(outcome.seconds)}, as during "
            "this trial. Let it be approved when nobody works, or split the file."
        )


def _show_columns(context: click.Context) -> None:
    click.echo(column_tables())
    context.exit()


def _controls(kind: BringInKind, given: tuple[str, ...]) -> dict[str, int]:
    """Return what the old system says of a file: a number of rows, and sums in fen.

    :raises click.UsageError: for a name that the kind has not, or a value that is no number.
    """
    names = [COUNT, *(column.name for column in kind.row_import.columns if column.is_sum)]
    found: dict[str, int] = {}
    for control in given:
        name, _sign, value = control.partition("=")
        if name not in names:
            raise click.UsageError(f"--control of {kind.name} takes: {', '.join(names)}.")
        try:
            found[name] = int(value) if name == COUNT else fen(Cell(CellKind.NUMBER, value))
        except (ValueError, Unreadable) as error:
            raise click.UsageError(f"--control {name} needs a number, not {value!r}.") from error
    return found


def _operator(session: Session, text: str, kind: BringInKind, region_code: str) -> Actor:
    """Return who brings a file in: with its function, where its insurances are run."""
    return operator_of(
        session, text, kind.function, region_code=region_code, insurances=kind.insurances
    )
