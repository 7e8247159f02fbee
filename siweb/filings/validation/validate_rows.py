"""Check many rows at once, and make of them what is kept."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.db.among import among
from siweb.filings.fields.field_findings import completed, field_findings
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import ERROR, Finding, finding
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.filings.validation.register_snapshot import KnownPerson, known_people
from siweb.filings.validation.terms import Terms
from siweb.filings.validation.validate_row import (
    check_row,
    is_late,
    number_finding,
    row_key,
)
from siweb.rules.identifiers.typed_number import normalise_number

_AT_A_TIME = 5_000
# What is declared is compared with what counts so far.
_COMPARED = {FilingKind.BASE, FilingKind.CHANGE, FilingKind.RESUME}


class Given(NamedTuple):
    """One row as it came: where it stands, what it gives, what could not be read in it."""

    position: int
    given: Mapping[str, Any]
    findings: Sequence[Finding] = ()


def check_rows(
    session: Session, kind: FilingKind, rows: Sequence[Given], terms: Terms
) -> list[dict[str, Any]]:
    """Return the values of the rows to be kept, all but their filing; a few thousand at a time."""
    rows = [_as_meant(kind, row) for row in rows]
    known = known_people(
        session,
        terms.employer_id,
        terms.region_code,
        (str(row.given.get("id_number", "")) for row in rows),
    )
    keys = [row_key(terms.employer_id, kind, row.given) for row in rows]
    applied = applied_keys(session, keys)
    return [
        _checked(kind, row, key, known.get(str(row.given.get("id_number", ""))), terms, applied)
        for row, key in zip(rows, keys, strict=True)
    ]


def _as_meant(kind: FilingKind, row: Given) -> Given:
    """Return a row whose ID number is written in the one way that the register knows.

    A yearly base gets its average here, whichever door it came through.
    """
    typed = row.given.get("id_number")
    meant = normalise_number(str(typed or ""))
    if meant == typed and kind is not FilingKind.BASE:
        return row
    return row._replace(given=completed(kind, {**row.given, "id_number": meant}))


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
    kind: FilingKind, row: Given, known: KnownPerson | None, terms: Terms
) -> list[Finding]:
    """Return everything that is to be said about a row, what is unreadable first.

    A row that could not be read is not judged any further than its number.
    """
    found = list(row.findings)
    unread = {
        str(wrong.facts["field"])
        for wrong in found
        if wrong.level == ERROR and "field" in wrong.facts
    }
    found += field_findings(kind, row.given, unread)
    if any(wrong.level == ERROR for wrong in found):
        number = number_finding(row.given)
        if number is not None and row.given.get("id_number"):
            found.append(number)
        return found
    return [*found, *check_row(kind, row.given, known, terms)]


def as_kept(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as a row keeps them."""
    return [{"code": one.code, "level": one.level, "facts": one.facts} for one in findings]


def _checked(
    kind: FilingKind,
    row: Given,
    key: str,
    known: KnownPerson | None,
    terms: Terms,
    applied: set[str],
) -> dict[str, Any]:
    if key in applied:
        found = [finding("applied_before", ERROR)]
    else:
        found = findings_of(kind, row, known, terms)
    is_good = not any(one.level == ERROR for one in found)
    given = dict(row.given)
    is_compared = kind in _COMPARED and given.get("wage_fen") is not None
    if is_compared and known is not None and known.present_fen is not None:
        given.setdefault("present_fen", known.present_fen)
    return {
        "position": row.position,
        "person_id": known.id if known else None,
        "given": given,
        "findings": as_kept(found),
        "state": RowState.GOOD if is_good else RowState.REFUSED,
        "is_late": is_good and is_late(kind, given, terms),
        "row_key": key,
    }
