"""Validate many rows at once, and make of them what is kept."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from siweb.db.among import among
from siweb.db.sealing.field_keys import number_digest
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import ERROR, Finding, finding
from siweb.filings.fields.values import completed, field_findings
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.filings.tables.stranger_count import StrangerCount
from siweb.filings.validation.register_snapshot import RegisteredPerson, registered_people
from siweb.filings.validation.terms import Terms
from siweb.filings.validation.validate_row import (
    is_late,
    number_finding,
    row_key,
    validate_row,
    without_repeated_bases,
)
from siweb.rules.identifiers.typed_text import normalise_number

_AT_A_TIME = 5_000
# What is declared is compared with what counts so far.
_COMPARED = {FilingKind.BASE, FilingKind.CHANGE, FilingKind.RESUME}


class ReadRow(NamedTuple):
    """One row as it came: where it stands, its values, what could not be read in it."""

    position: int
    values: Mapping[str, Any]
    findings: Sequence[Finding] = ()
    # Its number and name were compared with the register before: again is no new guess.
    was_compared: bool = False


FREE = 20
"""So many names may be mistyped on a day."""
AGREEING = 50
"""And one more for so many that agree: a first list of thousands has its share of mistakes."""
UNANSWERED = frozenset({"name_disagrees", "too_many_disagree"})
"""What a row is told from which nothing about the person can be learnt."""


class Strangers:
    """What was tried today by an employer about people who do not work there; whether it may go on.

    Whoever has a list of ID numbers must not learn names, or where people are insured, by trying. A
    row about a registered person says nothing until name and number agree, and after many that did
    not, nothing about new people until the next day.
    """

    def __init__(self, session: Session, terms: Terms) -> None:
        self.session, self.terms = session, terms
        self._new_agreed = self._new_disagreed = 0

    @cached_property
    def _before(self) -> tuple[int, int]:
        """How many agreed and disagreed today before; most rows are about nobody else's people."""
        # Read anew: `keep` adds to the row past the session.
        found = self.session.get(
            StrangerCount, (self.terms.employer_id, self.terms.on), populate_existing=True
        )
        return (found.agreed, found.disagreed) if found else (0, 0)

    @property
    def is_exhausted(self) -> bool:
        """Return whether too many did not agree today."""
        agreed, disagreed = self._before
        return disagreed + self._new_disagreed > FREE + (agreed + self._new_agreed) // AGREEING

    def count(self, *, agrees: bool, is_again: bool = False) -> None:
        """Count one name that was compared; what was compared before counts no more."""
        if is_again:
            return
        if agrees:
            self._new_agreed += 1
        else:
            self._new_disagreed += 1

    def keep(self) -> None:
        """Write down what was counted; two filings at once add to each other."""
        if not (self._new_agreed or self._new_disagreed):
            return
        table = StrangerCount
        is_postgresql = self.session.get_bind().dialect.name == "postgresql"
        insert = postgresql.insert if is_postgresql else sqlite.insert
        self.session.execute(
            # Who writes clears: what was tried on earlier days is nobody's business any more.
            delete(table).where(
                table.employer_id == self.terms.employer_id, table.on < self.terms.on
            )
        )
        self.session.execute(
            insert(table)
            .values(
                employer_id=self.terms.employer_id,
                on=self.terms.on,
                agreed=self._new_agreed,
                disagreed=self._new_disagreed,
            )
            .on_conflict_do_update(
                index_elements=["employer_id", "counted_on"],
                set_={
                    "agreed": table.agreed + self._new_agreed,
                    "disagreed": table.disagreed + self._new_disagreed,
                },
            )
        )
        agreed, disagreed = self._before
        self._before = (agreed + self._new_agreed, disagreed + self._new_disagreed)
        self._new_agreed = self._new_disagreed = 0


def validate_rows(
    session: Session, kind: FilingKind, rows: Sequence[ReadRow], terms: Terms
) -> list[dict[str, Any]]:
    """Return the values of the rows to be kept, all but their filing; a few thousand at a time."""
    rows = [_as_meant(kind, row) for row in rows]
    digests = [number_digest(str(row.values.get("id_number", ""))) for row in rows]
    people = registered_people(session, terms.employer_id, digests)
    keys = [
        row_key(terms.employer_id, kind, row.values, digest)
        for row, digest in zip(rows, digests, strict=True)
    ]
    applied = applied_keys(session, keys)
    strangers = Strangers(session, terms)
    kept = []
    for row, digest, key in zip(rows, digests, keys, strict=True):
        person = people.get(digest)
        found = findings_of(kind, row, person, terms, strangers)
        if not is_about(kind, person, found, terms):
            person = None
        # Alone, whatever else is wrong: it was accepted once, and there is nothing to correct.
        if key in applied:
            found = [finding("applied_before", ERROR)]
        of_row = _as_kept_row(kind, row, person, terms, found)
        kept.append({**of_row, "number_digest": digest, "row_key": key})
    # Once for all rows, after all were judged.
    strangers.keep()
    return kept


def is_about(
    kind: FilingKind, person: RegisteredPerson | None, found: list[Finding], terms: Terms
) -> bool:
    """Return whether a row is about a person of the register, as far as its filer may know.

    A number alone leads to nobody: else the lists of filings would show whose it is.
    """
    if person is None or person.is_of(terms.employer_id):
        return person is not None
    if kind is not FilingKind.HIRE:
        return False
    errors = [wrong for wrong in found if wrong.level == ERROR]
    return not any(wrong.code in UNANSWERED or "field" in wrong.facts for wrong in errors)


def _as_meant(kind: FilingKind, row: ReadRow) -> ReadRow:
    """Return a row whose ID number is written in the one way that the register knows.

    A yearly base gets its average here, whichever door it came through.
    """
    typed = row.values.get("id_number")
    meant = normalise_number(str(typed or ""))
    # Most numbers come as they are meant, and a list has thousands.
    if meant == typed and kind is not FilingKind.BASE:
        return row
    return row._replace(values=completed(kind, {**row.values, "id_number": meant}))


def applied_keys(session: Session, keys: Sequence[str]) -> set[str]:
    """Return which of the keys were applied, in whatever filing."""
    found: set[str] = set()
    for start in range(0, len(keys), _AT_A_TIME):
        found |= set(
            session.scalars(
                select(FilingRow.row_key).where(
                    among(FilingRow.row_key, keys[start : start + _AT_A_TIME]),
                    FilingRow.state == RowState.APPLIED,
                )
            )
        )
    return found


def findings_of(
    kind: FilingKind,
    row: ReadRow,
    person: RegisteredPerson | None,
    terms: Terms,
    strangers: Strangers,
) -> list[Finding]:
    """Return everything that is to be said about a row, what is unreadable first.

    A row that could not be read is not judged any further than its number. About new people
    nothing is said where too many did not agree, whether the register has them or not.
    """
    found = list(row.findings)
    unread = {
        str(wrong.facts["field"])
        for wrong in found
        if wrong.level == ERROR and "field" in wrong.facts
    }
    found += field_findings(kind, row.values, unread)
    if any(wrong.level == ERROR for wrong in found):
        number = number_finding(row.values)
        # An empty number has its finding already: "not eighteen digits" would say it twice.
        if number is not None and row.values.get("id_number"):
            found.append(number)
        return found
    is_new = kind is FilingKind.HIRE and (person is None or not person.is_of(terms.employer_id))
    if is_new and strangers.is_exhausted:
        return [*found, finding("too_many_disagree", ERROR)]
    judged = validate_row(kind, row.values, person, terms)
    if is_new and person is not None:
        agrees = not any(wrong.code == "name_disagrees" for wrong in judged)
        strangers.count(agrees=agrees, is_again=row.was_compared)
    return [*found, *judged]


def as_kept(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as a row keeps them."""
    return [{"code": found.code, "level": found.level, "facts": found.facts} for found in findings]


def _as_kept_row(
    kind: FilingKind,
    row: ReadRow,
    person: RegisteredPerson | None,
    terms: Terms,
    found: list[Finding],
) -> dict[str, Any]:
    is_good = not any(wrong.level == ERROR for wrong in found)
    present_fen = None if person is None else person.present_fen
    values = without_repeated_bases(row.values, present_fen, terms) if is_good else {**row.values}
    is_compared = kind in _COMPARED and values.get("wage_fen") is not None
    if is_compared and present_fen is not None:
        values.setdefault("present_fen", present_fen)
    return {
        "position": row.position,
        "person_id": person.id if person else None,
        "row_values": values,
        "findings": as_kept(found),
        "state": RowState.GOOD if is_good else RowState.REFUSED,
        "is_late": is_good and is_late(kind, values, terms),
    }
