"""siweb import-statement."""

import tomllib
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb import clock, schema
from siweb.audit.actor import COMMAND, Actor
from siweb.auth.tables.appointment import Function
from siweb.cli.collection.statement_tasks import propose_import, propose_taking_back
from siweb.cli.counted import counted, were
from siweb.cli.office.operator import maker_of, with_operator
from siweb.cli.settings import command_files, command_order, command_sessions
from siweb.collection.statements.import_entries import Imported, import_piece, pieces
from siweb.collection.statements.labels import (
    ADVICE,
    DIFFERENCES,
    REASONS,
    REFUSALS,
    refusal_sentence,
)
from siweb.collection.statements.mapping import keep_mapping
from siweb.collection.statements.open_statement import (
    confirm_difference,
    content_of,
    file_of,
    finish_statement,
    identified,
    imported_before,
    needs_confirmation,
    open_statement,
    survey,
)
from siweb.collection.statements.reading.control import Control, Difference
from siweb.collection.statements.reading.csv_mapping import CsvMapping
from siweb.collection.statements.reading.entry import StatementRefused
from siweb.collection.statements.upload import upload_statement
from siweb.collection.statements.withdraw import WithdrawalRefused, left_to, withdraw_statement
from siweb.collection.tables.bank_statement import BankStatement
from siweb.collection.tables.held_entry import HeldEntry
from siweb.db.claim import ClaimedElsewhere
from siweb.db.statistics import collect_after
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.region import Region
from siweb.rules.numbers.money import yuan_from_fen
from siweb.web.language.locale import office_language

assert schema.metadata.tables
# A terminal keeps some pages; the desk shows all of them.
_MOST_NAMED = 50


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--region", required=True, help="The region's code.")
@click.option("--bank", required=True, help="The bank's name; 'tax' for the tax office's list.")
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML file that names the columns of the bank's table; kept for the next time.",
)
@click.option("--account", default="", help="The office's account, where the file names none.")
@click.option(
    "--confirm-difference",
    metavar="REASON",
    default="",
    help="Import although the statement's own totals do not fit its entries, for this reason.",
)
@click.option(
    "--take-back",
    metavar="REASON",
    default="",
    help="Take the import of this file back, while nothing of it was used.",
)
@with_operator
def import_statement(
    file: Path,
    region: str,
    bank: str,
    mapping: Path | None,
    account: str,
    confirm_difference: str,  # noqa: ARG001 - read from the context by its name
    take_back: str,
    operator: str,
) -> None:
    """Import FILE, a bank statement as CSV, spreadsheet or camt.053; again, and it counts once.

    It waits for a second person (siweb tasks), and the worker books it after that.
    """
    click.get_current_context().with_resource(office_language("en"))
    reason = click.get_current_context().params["confirm_difference"].strip()
    try:
        with command_sessions()() as session:
            if session.get(Region, region) is None:
                raise click.BadParameter(f"{region} is not a region of this office.")
            maker = maker_of(session, operator, Function.FINANCE, region_code=region)
            if mapping is not None:
                _keep_mapping(session, region, bank, mapping, maker or COMMAND)
            if take_back.strip() and maker is not None:
                statement = _imported(session, region, file, account)
                propose_taking_back(session, statement, take_back, maker)
                return
            if maker is not None:
                statement = _statement(session, region, bank, file, account, maker)
                if statement.finished_at is not None or statement.region_code != region:
                    _show_earlier(session, statement)
                else:
                    _propose(session, statement, file, reason, maker)
                return
            if take_back.strip():
                _take_back(session, region, file, account, take_back.strip())
                return
            statement = _statement(session, region, bank, file, account, None)
            session.commit()
            if statement.finished_at is not None or statement.region_code != region:
                _show_earlier(session, statement)
            else:
                _import(session, statement, file, reason)
    except ClaimedElsewhere:
        raise click.ClickException("Another process imports this statement already.") from None
    except StatementRefused as refused:
        raise click.ClickException(str(refusal_sentence(refused.code, refused.facts))) from refused


def _statement(
    session: Session, region: str, bank: str, file: Path, account: str, maker: Actor | None
) -> BankStatement:
    """Return the statement of a file; of one that a second person checks the file is kept."""
    given: dict[str, Any] = {"file_name": file.name, "account": account, "at": clock.now()}
    if maker is None:
        return open_statement(session, region, bank, content_of(file), actor=COMMAND, **given)
    with file.open("rb") as source:
        return upload_statement(
            session, region, bank, source, command_files(), actor=maker, **given
        )


def _propose(
    session: Session, statement: BankStatement, file: Path, reason: str, maker: Actor
) -> None:
    """Send an import to be checked, by its own totals, which whoever hands it in answers for."""
    read = file_of(session, statement, file, today=clock.today())
    control = survey(session, statement, read)
    confirms = needs_confirmation(statement)
    if confirms and not reason:
        # Nothing is booked, but what contradicts itself is kept: the desk shows it.
        session.commit()
        _refuse_difference(control)
    propose_import(session, statement, reason if confirms else None, maker)


def _import(session: Session, statement: BankStatement, file: Path, reason: str) -> None:
    order, packs = command_order(), packs_in_force(session)
    read = file_of(session, statement, file, today=clock.today())
    control = survey(session, statement, read)
    if needs_confirmation(statement):
        if not reason:
            session.commit()
            _refuse_difference(control)
        confirm_difference(session, statement, reason, actor=COMMAND, at=clock.now())
    session.commit()
    total = Imported()
    for piece in pieces(identified(statement, read), statement.done_entries):
        counts = import_piece(
            session,
            statement.id,
            piece,
            packs=packs,
            order=order,
            actor=COMMAND,
            at=clock.now(),
        )
        session.commit()
        total.add(counts)
    statement = session.get_one(BankStatement, statement.id)
    finish_statement(session, statement, at=clock.now())
    collect_after(session, total.read)
    session.commit()
    _show(session, statement, total, control)


def _show(session: Session, statement: BankStatement, total: Imported, control: Control) -> None:
    """Say what became of every entry: nothing is passed over in silence."""
    click.echo(
        f"Read {counted(total.read, 'entry')}: {total.booked} booked ({total.matched} matched), "
        f"{total.duplicates} imported before."
    )
    for number, sentence in (
        (total.returned, "taken back by the bank: they wait at the desk for their payments."),
        (total.held - total.returned, "not booked: they wait at the desk."),
        (total.zero, "of 0.00: nothing to book."),
        (total.debits, "went out: not booked."),
        (total.pending, "not booked by the bank yet: import them when they are."),
        (total.no_entries, "lines that are no entries (empty, totals, notes)."),
        (
            total.differing,
            "booked under a reference that stands under other facts too: they wait to be matched.",
        ),
    ):
        if number:
            click.echo(f"{number} {sentence}")
    if total.duplicates and not total.booked + total.held:
        click.echo("Every entry that came in was imported before: nothing was booked twice.")
    if not control.has_control:
        click.echo("The statement has no balances or totals: nothing proves that it is complete.")
    _show_held(session, statement)


def _show_held(session: Session, statement: BankStatement) -> None:
    held = session.scalars(
        select(HeldEntry)
        .where(HeldEntry.statement_id == statement.id)
        .order_by(HeldEntry.id)
        .limit(_MOST_NAMED + 1)
    ).all()
    for entry in held[:_MOST_NAMED]:
        amount = "" if entry.amount_fen is None else f" {yuan_from_fen(entry.amount_fen)}"
        named = f" {entry.reference}" if entry.reference else ""
        field = f", {entry.field}" if entry.field else ""
        there = f" “{entry.text}”" if entry.text else ""
        click.echo(
            f"Entry {entry.number}{named}{amount}{field}{there}: "
            f"{REASONS[entry.reason]} {ADVICE[entry.reason]}"
        )
    if len(held) > _MOST_NAMED:
        click.echo("More of them are on the statement's page.")


def _show_earlier(session: Session, statement: BankStatement) -> None:
    on, done = clock.office_day(statement.imported_at), statement.done_entries
    entries = f"{counted(done, 'entry')} {were(done)}"
    click.echo(
        f"This file was here before: {entries} imported on {on} as "
        f"{statement.bank} for region {statement.region_code}. Nothing was booked twice."
    )
    click.echo("Read 0 entries: 0 booked (0 matched), 0 imported before.")
    _show_held(session, statement)


def _refuse_difference(control: Control) -> None:
    lines = [_difference(difference) for difference in control.differences]
    raise click.ClickException(
        "The statement contradicts itself, and nothing of it was booked.\n"
        + "\n".join(lines)
        + "\nAsk the bank for a new one, or import it with --confirm-difference and the reason."
    )


def _difference(difference: Difference) -> str:
    def shown(number: int) -> str:
        return str(number) if difference.is_count else yuan_from_fen(number)

    of_account = f" of account {difference.account}" if difference.account else ""
    if difference.text:
        return f"{DIFFERENCES[difference.what]}{of_account}: “{difference.text}”."
    return (
        f"{DIFFERENCES[difference.what]}{of_account}: {shown(difference.stated)} is stated, "
        f"{shown(difference.found)} follows from the entries; difference "
        f"{shown(difference.stated - difference.found)}."
    )


def _imported(session: Session, region: str, file: Path, account: str) -> BankStatement:
    """Return the statement of a file that was imported.

    :raises click.ClickException: when nothing of it is in the books.
    """
    statement = imported_before(session, region, file, account=account)
    if statement is None or not statement.counts:
        raise click.ClickException(str(REFUSALS["not_imported"]))
    return statement


def _take_back(session: Session, region: str, file: Path, account: str, because: str) -> None:
    statement = _imported(session, region, file, account)
    try:
        payments = withdraw_statement(
            session,
            statement,
            because,
            on=clock.today(),
            actor=COMMAND,
            at=clock.now(),
            packs=packs_in_force(session),
        )
    except WithdrawalRefused as refused:
        raise click.ClickException(str(REFUSALS[refused.code])) from refused
    session.commit()
    reversed_now = f"{counted(payments, 'payment')} {were(payments)}"
    click.echo(f"Taken back: {reversed_now} reversed. The file can be imported again.")
    for other in left_to(session, statement.id):
        click.echo(
            f"“{other.file_name}” (region {other.region_code}) has some of the same entries: "
            "import it again, and they count from it."
        )


def _keep_mapping(session: Session, region: str, bank: str, file: Path, actor: Actor) -> None:
    try:
        mapping = CsvMapping.from_json(tomllib.loads(file.read_text("utf-8")))
    except (TypeError, ValueError, RecursionError) as error:
        raise click.BadParameter(f"{file.name} is not a mapping: {error}.") from error
    keep_mapping(session, region, bank, mapping, actor=actor, at=clock.now())
