"""Open a statement for a file, read it, and hold it against itself before anything is booked."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.payments.tax_collection import TAX_OFFICE
from siweb.collection.statements.bank_accounts import account_numbers
from siweb.collection.statements.claims.identify import Identified, Identifier, StatementDays
from siweb.collection.statements.reading.control import Control, Found, Stated
from siweb.collection.statements.reading.csv_mapping import CsvMapping
from siweb.collection.statements.reading.entry import (
    Entry,
    StatementRefused,
    plain_account,
    with_valid_day,
)
from siweb.collection.statements.reading.read_camt import read_camt
from siweb.collection.statements.reading.read_csv import csv_lines
from siweb.collection.statements.reading.read_sheet import sheet_lines
from siweb.collection.statements.reading.read_table import read_table
from siweb.collection.statements.tax_office import PAID
from siweb.collection.tables.bank_statement import BankMapping, BankStatement, StatementFormat
from siweb.db.claim import add_or_find, claim
from siweb.documents.spreadsheets.reading.text_encoding import decoded_beginning

# How ZIP packages (XLSX, ODS) and OLE files (XLS) begin; names of files say nothing.
_SHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
# Web pages and XML spreadsheets that programs save under the name .xls.
_MARKUP_SHEET = re.compile(
    r"urn:schemas-microsoft-com:office:spreadsheet|<(?:!doctype\s+html|html|head|body|table)\b",
    re.IGNORECASE,
)
BEGINNING = 4096
# What a file without a letter holds: a mark of its encoding, spaces, ends of lines.
_BLANK = b"\xef\xbb\xbf\xff\xfe \t\r\n\0"


@dataclass(frozen=True, slots=True)
class Content:
    """What a file is known by: the hash of its content; and how it begins, in 4,096 bytes."""

    digest: str
    beginning: bytes


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A statement's file, ready to be read more than once."""

    file: Path
    format: StatementFormat
    mapping: CsvMapping | None
    of_receipts: bool
    today: date

    def entries(self, stated: list[Stated] | None = None) -> Iterator[Entry]:
        """Yield the entries from the first; `stated` gets what the file states of itself.

        Days that cannot be are named with their entries.

        :raises StatementRefused: where the file cannot be read any further.
        """
        for entry in self._read([] if stated is None else stated):
            yield with_valid_day(entry, self.today)

    def _read(self, stated: list[Stated]) -> Iterator[Entry]:
        if self.format is StatementFormat.CAMT_053:
            with self.file.open("rb") as source:
                yield from read_camt(source, stated)
            return
        mapping = self.mapping
        assert mapping is not None
        if self.format is StatementFormat.SHEET:
            lines = sheet_lines(self.file, mapping)
            yield from read_table(lines, mapping, stated, of_receipts=self.of_receipts)
            return
        with self.file.open("rb") as source:
            lines = csv_lines(source, mapping)
            yield from read_table(lines, mapping, stated, of_receipts=self.of_receipts)


def open_statement(
    session: Session,
    region_code: str,
    bank: str,
    content: Content,
    *,
    file_name: str,
    actor: Actor,
    at: datetime,
    account: str = "",
) -> BankStatement:
    """Return the statement of a file: a new one, or the one that has this content already.

    It is looked for in every region: a file that another region handed in is that statement. Where
    the file names no account, the same content for another account is another statement.

    :raises StatementRefused: as `refuse_file` does.
    """
    refuse_file(content.beginning, file_name)
    number = plain_account(account)
    same = (region_code, content.digest, number)
    if existing := _existing(session, *same):
        # Nothing of it is booked yet, so that the account that was named now may still count.
        if number and existing.finished_at is None and not existing.counts:
            existing.account = number
        return existing
    statement = BankStatement(
        region_code=region_code,
        format=_format(content.beginning),
        bank=bank,
        account=number,
        file_name=file_name[:200],
        content_hash=content.digest,
        entries=0,
        counts={},
        imported_at=at,
        imported_by_account_id=actor.account_id,
    )
    # Two clicks hand the same file in at once: it is one statement.
    if meanwhile := add_or_find(session, statement, lambda: _existing(session, *same)):
        return meanwhile
    record_activity(
        session,
        "bank_statement.imported",
        actor=actor,
        at=at,
        subject=("bank_statement", statement.id),
        facts={"bank": bank, "content_hash": content.digest},
    )
    return statement


def refuse_file(beginning: bytes, file_name: str) -> None:
    """Refuse a file that can hold no entries, before it is kept: its columns could not be named.

    :raises StatementRefused: "empty"; "not_a_sheet" for text that is called .xlsx, which no
        program writes: unlike an .xls it is always a package.
    """
    if not beginning.strip(_BLANK):
        raise StatementRefused("empty")
    is_text = _format(beginning) is not StatementFormat.SHEET
    if is_text and file_name.casefold().endswith(".xlsx"):
        raise StatementRefused("not_a_sheet")


def imported_before(
    session: Session, region_code: str, file: Path, *, account: str = ""
) -> BankStatement | None:
    """Return the statement that has the content of a file; None where nobody imported it."""
    return _existing(session, region_code, content_of(file).digest, plain_account(account))


def file_of(
    session: Session,
    statement: BankStatement,
    file: Path,
    *,
    today: date,
) -> StatementFile:
    """Return a statement's file, to be read.

    :raises StatementRefused: "no_mapping" for a table of a bank whose columns nobody named.
    """
    mapping = None
    if statement.format is not StatementFormat.CAMT_053:
        mapping = _mapping(session, statement)
    is_tax = statement.bank == TAX_OFFICE
    return StatementFile(file, statement.format, mapping, is_tax, today)


def survey(session: Session, statement: BankStatement, file: StatementFile) -> Control:
    """Read a file through and keep its control, before anything of it is booked.

    :raises StatementRefused: what the readers say; "account_foreign" with the number where it is
        not an account of the office; "account_unnamed" where none is named and more than one is
        registered; "account_missing" where none is.
    """
    if statement.control is not None:
        return Control.from_json(statement.control)
    stated: list[Stated] = []
    found, days = Found(), StatementDays()
    for entry in file.entries(stated):
        found.add(entry)
        days.add(entry)
    control = found.control(stated)
    if statement.bank != TAX_OFFICE:
        _hold_accounts(session, statement, control)
    # After the accounts are known, under which the days are kept.
    days.keep(session, statement, _account(statement), stated)
    statement.control = control.to_json()
    statement.entries = max(statement.entries, control.entries)
    statement.refusal = None
    session.flush()
    return control


def survey_again(session: Session, statement: BankStatement) -> None:
    """Forget the control of a statement that is to be read otherwise; booked entries stay.

    Whoever answered for it saw what the other reading came to, and is asked again.
    """
    if not statement.counts:
        statement.control = statement.refusal = None
        statement.confirmed_at = statement.confirmed_by_account_id = None
        statement.confirmed_because = ""
        session.flush()


def identified(statement: BankStatement, file: StatementFile) -> Iterator[Identified]:
    """Yield the entries with what each is claimed by."""
    identifier = Identifier(_account(statement))
    return (identifier.identify(entry) for entry in file.entries())


def finish_statement(session: Session, statement: BankStatement, *, at: datetime) -> None:
    """Note that every entry of a statement is in; the first time counts."""
    statement.finished_at = statement.finished_at or at
    session.flush()


def refuse_statement(session: Session, statement: BankStatement, refused: StatementRefused) -> None:
    """Keep why a statement was not imported, or not any further, for its page to show."""
    statement.refusal = {"code": refused.code, **refused.facts}
    session.flush()


def needs_confirmation(statement: BankStatement) -> bool:
    """Return whether a statement contradicts itself and nobody has answered for it."""
    is_settled = statement.confirmed_at is not None or statement.withdrawn_at is not None
    if statement.control is None or is_settled:
        return False
    return bool(Control.from_json(statement.control).differences)


def confirm_difference(
    session: Session, statement: BankStatement, because: str, *, actor: Actor, at: datetime
) -> None:
    """Let a statement be imported whose control totals do not fit, for a reason.

    :raises ClaimedElsewhere: when another person answered for it, or took it back, meanwhile.
    """
    place = update(BankStatement).where(
        BankStatement.id == statement.id,
        BankStatement.confirmed_at.is_(None),
        BankStatement.withdrawn_at.is_(None),
    )
    values = {
        "confirmed_at": at,
        "confirmed_because": because[:200],
        "confirmed_by_account_id": actor.account_id,
    }
    claim(session, place.values(**values))
    session.refresh(statement)
    record_activity(
        session,
        "bank_statement.confirmed",
        actor=actor,
        at=at,
        subject=("bank_statement", statement.id),
        facts={"reason": because[:200]},
    )


def _account(statement: BankStatement) -> str:
    """Return the account of entries that name none themselves."""
    return TAX_OFFICE if statement.bank == TAX_OFFICE else statement.account


def content_of(file: Path) -> Content:
    """Return what a file is known by."""
    with file.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
        source.seek(0)
        return Content(digest, source.read(BEGINNING))


def _existing(session: Session, region_code: str, digest: str, number: str) -> BankStatement | None:
    accounts = ("", number) if number else (BankStatement.account,)
    return session.scalars(
        select(BankStatement)
        .where(
            BankStatement.content_hash == digest,
            BankStatement.withdrawn_at.is_(None),
            BankStatement.account.in_(accounts),
        )
        # One's own region first: false sorts before true.
        .order_by((BankStatement.region_code != region_code), BankStatement.id)
        .limit(1)
    ).first()


def _format(beginning: bytes) -> StatementFormat:
    if beginning.startswith(_SHEETS):
        return StatementFormat.SHEET
    text = decoded_beginning(beginning).lstrip("\ufeff \r\n\t\0")
    if not text.startswith("<"):
        return StatementFormat.CSV
    return StatementFormat.SHEET if _MARKUP_SHEET.search(text) else StatementFormat.CAMT_053


def _mapping(session: Session, statement: BankStatement) -> CsvMapping:
    kept = session.scalar(
        select(BankMapping.mapping).where(
            BankMapping.region_code == statement.region_code, BankMapping.bank == statement.bank
        )
    )
    if kept is None and statement.bank != TAX_OFFICE:
        raise StatementRefused("no_mapping")
    return PAID if kept is None else CsvMapping.from_json(kept)


def _hold_accounts(session: Session, statement: BankStatement, control: Control) -> None:
    registered = account_numbers(session, statement.region_code)
    for account in filter(None, [statement.account, *control.accounts]):
        if account not in registered:
            raise StatementRefused("account_foreign", text=account)
    if all(control.accounts) or statement.account:
        return
    if not registered:
        raise StatementRefused("account_missing")
    if len(registered) > 1:
        raise StatementRefused("account_unnamed")
    statement.account = registered[0]
