"""Import a bank statement: entry by entry, committed in pieces, each entry once.

A statement is known by the hash of its content. An import that was killed goes on behind the last
piece that was committed; a file that was imported before has nothing left to do. Where two
processes import the same statement, the second stops.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.payments.allocate import allocate
from siweb.collection.payments.match import find_match
from siweb.collection.payments.record import Received, record_entry
from siweb.collection.payments.tax_collection import TAX_OFFICE
from siweb.collection.statements.read_camt import read_camt
from siweb.collection.statements.read_csv import CsvMapping, StatementRefused, read_csv
from siweb.collection.statements.tax_office import PAID
from siweb.collection.tables.bank_statement import BankMapping, BankStatement, StatementFormat
from siweb.collection.tables.payment import PaymentKind
from siweb.db.claim import claim

PIECE = 500


@dataclass(frozen=True, slots=True)
class Piece:
    """Entries of a statement, and how many come before them."""

    after: int
    entries: list[Received | None]

    @property
    def through(self) -> int:
        """Return how many entries are done with this piece."""
        return self.after + len(self.entries)


@dataclass(slots=True)
class Imported:
    """What became of the entries of a piece."""

    read: int = 0
    new: int = 0
    known: int = 0
    left_out: int = 0
    matched: int = 0
    # Under a number that is known, but saying something else: these wait for a person.
    differing: int = 0

    def add(self, other: "Imported") -> None:
        """Count a further piece."""
        self.read += other.read
        self.new += other.new
        self.known += other.known
        self.left_out += other.left_out
        self.matched += other.matched
        self.differing += other.differing


def open_statement(
    session: Session,
    region_code: str,
    bank: str,
    file: Path,
    *,
    file_name: str,
    actor: Actor,
    at: datetime,
) -> BankStatement:
    """Return the statement of a file: a new one, or the one that has this content already."""
    with file.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
        source.seek(0)
        is_xml = source.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
    known = session.scalar(
        select(BankStatement).where(
            BankStatement.region_code == region_code, BankStatement.content_hash == digest
        )
    )
    if known is not None:
        return known
    statement = BankStatement(
        region_code=region_code,
        format=StatementFormat.CAMT_053 if is_xml else StatementFormat.CSV,
        bank=bank,
        file_name=file_name[:200],
        content_hash=digest,
        entries=0,
        imported_at=at,
        imported_by_account_id=actor.account_id,
    )
    session.add(statement)
    session.flush()
    record_activity(
        session,
        "bank_statement.imported",
        actor=actor,
        at=at,
        subject=("bank_statement", statement.id),
        facts={"bank": bank, "content_hash": digest},
    )
    return statement


def read_statement(
    session: Session, statement: BankStatement, source: BinaryIO
) -> Iterator[Received | None]:
    """Return the entries of a statement's file.

    :raises StatementRefused: "no_mapping" for a CSV of a bank whose columns nobody named.
    """
    if statement.format is StatementFormat.CAMT_053:
        return read_camt(source)
    kept = session.scalar(
        select(BankMapping.mapping).where(
            BankMapping.region_code == statement.region_code, BankMapping.bank == statement.bank
        )
    )
    if kept is None and statement.bank != TAX_OFFICE:
        raise StatementRefused("no_mapping")
    mapping = PAID if kept is None else CsvMapping.from_json(kept)
    is_tax = statement.bank == TAX_OFFICE
    return read_csv(source, statement.bank, mapping, of_receipts=is_tax)


def keep_mapping(
    session: Session,
    region_code: str,
    bank: str,
    mapping: CsvMapping,
    *,
    actor: Actor,
    at: datetime,
) -> BankMapping:
    """Keep how a bank writes its CSV, in the place of what was kept before."""
    kept = session.scalar(
        select(BankMapping).where(BankMapping.region_code == region_code, BankMapping.bank == bank)
    )
    if kept is None:
        kept = BankMapping(region_code=region_code, bank=bank)
        session.add(kept)
    kept.mapping = mapping.to_json()
    kept.changed_at = at
    kept.changed_by_account_id = actor.account_id
    session.flush()
    return kept


def pieces(entries: Iterable[Received | None], done: int, size: int = PIECE) -> Iterator[Piece]:
    """Yield what comes after the entries already done, in pieces to be committed one by one."""
    rest = islice(iter(entries), done, None)
    while read := list(islice(rest, size)):
        piece = Piece(done, read)
        yield piece
        done = piece.through


def import_piece(
    session: Session,
    statement_id: int,
    piece: Piece,
    *,
    actor: Actor,
    at: datetime,
) -> Imported:
    """Write down one piece and use what is certain; commit after it.

    :raises ClaimedElsewhere: when another process has imported it, or does.
    """
    statement = _taken(session, statement_id, piece)
    counts = Imported(read=len(piece.entries))
    for received in piece.entries:
        if received is None:
            counts.left_out += 1
            continue
        payment, is_new, is_certain = record_entry(
            session,
            statement.region_code,
            PaymentKind.TAX if statement.bank == TAX_OFFICE else PaymentKind.TRANSFER,
            received,
            actor=actor,
            at=at,
            statement_id=statement.id,
        )
        if not is_new:
            counts.known += 1
            continue
        counts.new += 1
        counts.differing += not is_certain
        match = find_match(session, payment) if is_certain else None
        if match is not None:
            used = allocate(
                session,
                payment,
                match.bills,
                matched_by=match.matched_by,
                actor=actor,
                at=at,
                named=match.named,
            )
            counts.matched += bool(used)
    session.flush()
    return counts


def _taken(session: Session, statement_id: int, piece: Piece) -> BankStatement:
    place = update(BankStatement).where(
        BankStatement.id == statement_id, BankStatement.done_entries == piece.after
    )
    claim(session, place.values(done_entries=piece.through))
    statement = session.get_one(BankStatement, statement_id, populate_existing=True)
    statement.entries = max(statement.entries, piece.through)
    return statement
