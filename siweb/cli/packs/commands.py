"""siweb packs: check, show, compare, import and start parameter packs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import cast

import click
from sqlalchemy.orm import Session

from siweb import clock
from siweb import schema as office_schema
from siweb.audit.actor import COMMAND
from siweb.auth.staff.find import has_staff
from siweb.auth.tables.appointment import Function
from siweb.cli.calc.options.inputs import DAY, MONTH
from siweb.cli.collection.queued import queued_line
from siweb.cli.counted import counted
from siweb.cli.office.operator import because_of, operator_of, with_operator
from siweb.cli.packs.schema import schema_of_packs
from siweb.cli.packs.show import rows_as_json, rows_as_lines, rows_in_force
from siweb.cli.packs.skeleton import skeleton_of
from siweb.cli.settings import command_sessions
from siweb.collection.levy.adjustment.tasks import queue_adjustments
from siweb.desk.checking.sentences import why
from siweb.desk.staff.parameters.actions import PUT_IN_FORCE, propose_pack, region_of_pack
from siweb.registry.packs.import_packs import HistoryRefused, PackImport, import_packs
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.packs.written import changes_as_lines
from siweb.rules.calendar.months import month_of
from siweb.rules.errors import Refusal
from siweb.rules.parameters.compare import RowChange, compare_rows
from siweb.rules.parameters.doubts import doubts_about
from siweb.rules.parameters.load import SHIPPED, files_of, read_files, with_national
from siweb.rules.parameters.pack_set import PackSet, RegionUnknown
from siweb.rules.parameters.read import Pack
from siweb.rules.parameters.row import Problem, Row
from siweb.rules.sources import Confidence
from siweb.tasks.two_person_action import Doing
from siweb.web.language.locale import office_language

# The adjustments that a notice brings point at tables of every room.
assert office_schema.metadata.tables
_PATH = click.Path(exists=True, path_type=Path)


@click.group()
def packs() -> None:
    """Keep the parameter packs: the law as dated data (docs/parameters.md)."""


@packs.command()
@click.argument("paths", nargs=-1, type=_PATH, metavar="[DIR|FILE]...")
def check(paths: tuple[Path, ...]) -> None:
    """Name everything that is wrong or doubtful in the packs: file, table, key and what.

    Exit code 1 if there is anything. A doubt keeps nobody from using a pack: compare the row with
    its notice, and answer in its note where the notice really says so.
    """
    found, problems = _read(paths or (SHIPPED,))
    doubts = [
        doubt for pack in found for doubt in doubts_about(pack.file, pack.rows, clock.today())
    ]
    for problem in problems:
        click.echo(str(problem), err=True)
    for doubt in doubts:
        click.echo(f"{doubt} (doubtful)", err=True)
    if problems or doubts:
        counts = counted(len(problems), "problem")
        raise click.ClickException(
            f"{counts}, {counted(len(doubts), 'doubt')}." if doubts else f"{counts}."
        )
    rows = sum(len(pack.rows) for pack in found)
    counts = f"{counted(len(found), 'pack')} with {counted(rows, 'row')}"
    click.echo(f"{counts}: nothing is wrong.")


@packs.command()
@click.argument("region")
@click.option("--month", type=MONTH, help="Month they hold for; this month by default.")
@click.option("--as-of", type=DAY, help="Only what was published by this day.")
@click.option("--packs", "folder", type=_PATH, default=SHIPPED, help="Folder of packs.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def show(region: str, month: str | None, as_of: date | None, folder: Path, as_json: bool) -> None:
    """Show what holds in REGION for a month, what is inherited included, with each notice."""
    pack_set = PackSet(with_national(_usable((folder,))))
    month = month or month_of(clock.today())
    try:
        parameters = pack_set.parameters(region, month, as_of=as_of)
    except RegionUnknown as error:
        regions = ", ".join(("CN", *pack_set.regions))
        raise click.UsageError(f"There is no pack for {region}; there is {regions}.") from error
    rows = rows_in_force(parameters)
    if as_json:
        shown = rows_as_json(rows, parameters)
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for line in rows_as_lines(rows, parameters):
        click.echo(line)
    if any(row.source.confidence is Confidence.DEMONSTRATION for row in rows):
        click.echo("Some of it is for demonstration: check your local notice.")


@packs.command()
@click.argument("before", type=_PATH)
@click.argument("after", type=_PATH)
def diff(before: Path, after: Path) -> None:
    """Show the rows that differ between two packs or two folders of them."""
    lines: list[str] = []
    old, new = _by_region(_usable((before,))), _by_region(_usable((after,)))
    if len(old) == len(new) == 1:
        # Two files are compared even when they are of two cities.
        lines = list(changes_as_lines(compare_rows(*old.values(), *new.values())))
    else:
        for region in sorted(old.keys() | new.keys()):
            changes = compare_rows(old.get(region, ()), new.get(region, ()))
            lines += [f"{region} {line}" for line in changes_as_lines(changes)]
    for line in lines or ["No row differs."]:
        click.echo(line)


@packs.command("import")
@click.argument("paths", nargs=-1, required=True, type=_PATH, metavar="DIR|FILE...")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--rewrite", is_flag=True, help="Allow changing rows that were in force.")
@click.option("--because", default="", help="The notice that it follows: office, number, date.")
@with_operator
def import_(
    paths: tuple[Path, ...],
    *,
    dry_run: bool,
    rewrite: bool,
    because: str,
    operator: str,
) -> None:
    """Put packs in force, each when a second person has checked it (siweb tasks).

    Nothing that was billed changes; adjustments become computable. Before an office is opened there
    is nobody to ask: then they are in force at once.
    """
    found = _usable(paths)
    click.get_current_context().with_resource(office_language("en"))
    with command_sessions()() as session:
        try:
            if dry_run or not has_staff(session):
                lines = _put_in_force(session, found, rewrite=rewrite)
            else:
                lines = _propose(session, found, because, operator, rewrite=rewrite)
        except HistoryRefused as error:
            changes = cast("list[RowChange]", error.facts["changes"])
            for line in changes_as_lines(changes):
                click.echo(line, err=True)
            raise click.ClickException(
                f"{error.facts['region']}: this rewrites what was known. Add a row with its own "
                "published_on instead, or say --rewrite."
            ) from error
        if not dry_run:
            session.commit()
    for line in lines:
        click.echo(line)
    if dry_run:
        click.echo("Nothing was changed.")


def _put_in_force(session: Session, found: list[Pack], *, rewrite: bool) -> list[str]:
    """Put packs in force and say what that comes to; the caller commits."""
    actor, on, at = COMMAND, clock.today(), clock.now()
    done = import_packs(session, found, actor=actor, at=at, rewrite=rewrite)
    # What was billed before this notice waits at the desk at once, not after the day's end.
    queued = queue_adjustments(session, packs_in_force(session), on=on, at=at)
    return [*map(_import_line, done), *([queued_line(queued)] if queued else [])]


def _propose(
    session: Session, found: list[Pack], because: str, operator: str, *, rewrite: bool
) -> list[str]:
    """Send packs to be checked, each on its own: another region's staff check another pack."""
    notice = because_of(because, "Name in --because the notice")
    lines = []
    for pack in found:
        region = region_of_pack(session, pack.region)
        actor = operator_of(session, operator, Function.PARAMETERS, region_code=region)
        doing = Doing(actor, clock.now(), packs_in_force(session))
        try:
            task = propose_pack(session, pack, notice, doing, rewrite=rewrite)
        except HistoryRefused:
            raise
        except Refusal as refused:
            sentence = why(refused, PUT_IN_FORCE)
            if refused.code != "pack_as_before":
                raise click.ClickException(f"{pack.region}: {sentence}") from refused
            lines.append(f"{pack.region}: the same pack is in force already.")
            continue
        given = task.change
        lines.append(
            f"{pack.region}: {counted(given['added'], 'row')} added, {given['rewritten']} "
            f"rewritten. Waits for a second person: siweb tasks approve {task.reference}"
        )
    return lines


@packs.command()
@click.argument("region")
@click.option("--name-zh", default="某市", help="Chinese name.")
@click.option("--name-en", default="Some City", help="English name.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
def new(region: str, name_zh: str, name_en: str, to: Path | None) -> None:
    """Write a commented skeleton of a pack for REGION, to fill in from the local notices."""
    if not (len(region) == 6 and region.isascii() and region.isdigit()):  # noqa: PLR2004
        raise click.UsageError(f"{region} is not a code of six digits such as 320100.")
    for name in (name_zh, name_en):
        if not name.strip() or not name.isprintable():
            raise click.UsageError(f"{name!r} is not a name.")
    text = skeleton_of(region, name_zh, name_en)
    if to is None:
        click.echo(text, nl=False)
        return
    if to.exists():
        raise click.UsageError(f"{to} is there already.")
    try:
        to.write_text(text, "utf-8")
    except OSError as error:
        raise click.ClickException(f"{to} cannot be written ({error.strerror}).") from error
    click.echo(f"Fill in {to}, then run siweb packs check.")


@packs.command()
def schema() -> None:
    """Print the JSON Schema of a pack, for editors."""
    click.echo(json.dumps(schema_of_packs(), ensure_ascii=False, indent=2))


def _read(paths: Iterable[Path]) -> tuple[list[Pack], list[Problem]]:
    """Return the packs of files and folders together, so that no region comes twice."""
    files: list[Path] = []
    problems: list[Problem] = []
    for path in paths:
        inside, wrong = files_of(path) if path.is_dir() else ([path], [])
        files += inside
        problems += wrong
    found, wrong = read_files(files)
    return found, [*problems, *wrong]


def _usable(paths: Iterable[Path]) -> list[Pack]:
    """Return the packs.

    :raises click.ClickException: naming everything that is wrong in them.
    """
    found, problems = _read(paths)
    if problems:
        raise click.ClickException("\n".join(map(str, problems)))
    return found


def _by_region(found: Iterable[Pack]) -> dict[str, tuple[Row, ...]]:
    return {pack.region: pack.rows for pack in found}


def _import_line(each: PackImport) -> str:
    if each.pack_id is None:
        return f"{each.region}: the same pack is in force already."
    rewritten = sum(change.rewrites for change in each.changes)
    added = len(each.changes) - rewritten
    return f"{each.region}: in force; {counted(added, 'row')} added, {rewritten} rewritten."
