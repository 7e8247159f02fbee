"""The seals of offices made before roots: stretches of row numbers, proved a last time.

Tables, columns and their order are those of revision 0042, written down here: the tables of today
are others. It goes with the first release (docs/decisions/0016).
"""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import JSON, Date, Engine, FromClause, LargeBinary, column, inspect, select, table
from sqlalchemy.orm import Session

from siweb.db.types import UtcDateTime
from siweb.ledgers.seals.seal import GENESIS, SEALED

_MARK = 8
_COLUMNS = {
    "contribution_record": "id person_id region_code insurance scheme employer_id"
    " contribution_month sequence kind declared_base_fen base_fen employer_fen employee_fen"
    " account_fen levy_run_id corrects_id recorded_at",
    "account_entry": "id person_id year kind contribution_month interest_month amount_fen"
    " contribution_record_id rate_ppm posted_on",
    "fund_entry": "id region_code fund insurance kind bill_id amount_fen account_fen posted_on",
    "payment": "id region_code kind amount_fen received_on payer_name payer_account remittance"
    " entry_key statement_id origin_payment_id recorded_at recorded_by_account_id",
    "allocation": "id payment_id bill_id insurance kind amount_fen paid_on allocated_at"
    " allocated_by_account_id reverses_id",
    "bill": "id kind levy_run_id assessment_id region_code contribution_month through_month"
    " employer_id person_id bank_reference headcount employer_fen employee_fen total_fen due_on"
    " late_fee_waived_until issued_at",
    "bill_line": "id bill_id insurance headcount base_fen employer_fen employee_fen rounding_fen"
    " rounding scope",
    "levy_term": "id levy_run_id contribution_month insurance scheme injury_class injury_tier_ppm"
    " base_floor_fen base_ceiling_fen employer_ppm employee_ppm account_ppm employer_addition_fen"
    " employee_addition_fen rounding scope sources",
    "bill_month": "id bill_id contribution_month due_on amount_fen",
    "deferral": "id arrears_id from_on until legal_basis decided_by decision_number decided_on"
    " share insurances deferred_fen security approved_at",
}
_TYPES: dict[str, Any] = (
    dict.fromkeys(
        ("posted_on", "received_on", "paid_on", "due_on", "late_fee_waived_until", "from_on",
         "until", "decided_on"),
        Date(),
    )
    | dict.fromkeys(("recorded_at", "allocated_at", "issued_at", "approved_at"), UtcDateTime())
    | dict.fromkeys(("sources", "insurances"), JSON())
)  # fmt: skip
_SEAL = table(
    "day_seal",
    *(column(name) for name in ("book", "first_id", "last_id", "rows")),
    *(column(name) for name in ("previous_hash", "seal_hash")),
    column("sealed_on", Date()),
    column("row_marks", LargeBinary()),
)
_ACTIVITY = table(
    "activity",
    *(column(name) for name in ("id", "action", "subject_kind", "subject_id")),
    column("facts", JSON()),
)


def has_former_seals(engine: Engine) -> bool:
    """Return whether a database is sealed by numbers of rows."""
    with engine.connect() as connection:
        return inspect(connection).has_table("day_seal")


def former_differences(session: Session) -> Iterator[str]:
    """Yield what differs from those seals, as `siweb check` said it then."""
    for book in _COLUMNS:
        yield from _changed(session, book)
        yield from _not_noted(session, book)


def _changed(session: Session, book: str) -> Iterator[str]:
    source = _book(book)
    end, start = GENESIS, 0
    seals = session.execute(
        select(*_SEAL.c).where(_SEAL.c.book == book).order_by(_SEAL.c.first_id)
    ).all()
    for seal in seals:
        rows = session.execute(
            select(*source.c)
            .where(source.c.id.between(seal.first_id, seal.last_id))
            .order_by(source.c.id)
        ).all()
        marks, seal_hash = _hash(rows, seal.previous_hash)
        if (seal.previous_hash, seal.first_id) != (end, start + 1):
            yield f"{book}: the seal of {seal.sealed_on} does not follow from the last"
        if marks != seal.row_marks or len(rows) != seal.rows:
            first = _first_differing(rows, marks, seal)
            yield f"{book} {first}: changed since it was sealed on {seal.sealed_on}"
        elif seal_hash != seal.seal_hash:
            yield f"{book}: the seal of {seal.sealed_on} does not follow from the last"
        end, start = seal.seal_hash, seal.last_id


def _not_noted(session: Session, book: str) -> Iterator[str]:
    """Yield noted ends without their seal, and the last seal where it was not noted."""
    ends = session.execute(
        select(_SEAL.c.seal_hash, _SEAL.c.sealed_on)
        .where(_SEAL.c.book == book)
        .order_by(_SEAL.c.first_id)
    ).all()
    log = session.execute(
        select(_ACTIVITY.c.subject_id, _ACTIVITY.c.facts)
        .where(_ACTIVITY.c.subject_kind == "books", _ACTIVITY.c.action == SEALED)
        .order_by(_ACTIVITY.c.id)
    )
    noted = {facts[book]: day for day, facts in log if book in facts}
    for end in noted.keys() - {seal_hash for seal_hash, _day in ends}:
        yield f"{book}: the seal of {noted[end]} is not there as the activity log noted it"
    if ends and ends[-1].seal_hash not in noted:
        yield f"{book}: the seal of {ends[-1].sealed_on} is not noted in the activity log"


def _book(book: str) -> FromClause:
    return table(book, *(column(name, _TYPES.get(name)) for name in _COLUMNS[book].split()))


def _hash(rows: Sequence[Any], previous: str) -> tuple[bytes, str]:
    whole = hashlib.sha256(previous.encode())
    marks = bytearray()
    for row in rows:
        digest = hashlib.sha256("\x1f".join([str(cell) for cell in row]).encode()).digest()
        whole.update(digest)
        marks += digest[:_MARK]
    return bytes(marks), whole.hexdigest()


def _first_differing(rows: Sequence[Any], marks: bytes, seal: Any) -> int:
    places = pairwise(range(0, len(marks) + _MARK, _MARK))
    for row, (start, end) in zip(rows, places, strict=False):
        if marks[start:end] != seal.row_marks[start:end]:
            return int(row.id)
    return int(seal.last_id)
