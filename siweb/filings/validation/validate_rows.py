"""Validate many rows at once, and make of them what is kept."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.db.among import among
from siweb.filings.fields.field_findings import completed, field_findings
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import ERROR, Finding, finding
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.filings.validation.register_snapshot import RegisteredPerson, registered_people
from siweb.filings.validation.strangers import Strangers
from siweb.filings.validation.terms import Terms
from siweb.filings.validation.validate_row import (
    is_late,
    number_finding,
    row_key,
    validate_row,
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


def validate_rows(
    session: Session,
    kind: FilingKind,
    rows: Sequence[Given],
    terms: Terms,
    *,
    is_again: bool = False,
) -> list[dict[str, Any]]:
    """Return the values of the rows to be kept, all but their filing; a few thousand at a time.

    What was validated before does not count again as a guess about strangers.
    """
    rows = [_as_meant(kind, row) for row in rows]
    people = registered_people(
        session,
        terms.employer_id,
        terms.region_code,
        (str(row.given.get("id_number", "")) for row in rows),
    )
    keys = [row_key(terms.employer_id, kind, row.given) for row in rows]
    applied = applied_keys(session, keys)
    strangers = Strangers(session, terms)
    kept = []
    for row, key in zip(rows, keys, strict=True):
        person = people.get(str(row.given.get("id_number", "")))
        found = _findings(kind, row, person, terms, strangers)
        if key in applied:
            found = [finding("applied_before", ERROR)]
        kept.append(_as_kept_row(kind, row, key, person, terms, found))
    if not is_again:
        strangers.keep()
    return kept


def _findings(
    kind: FilingKind,
    row: Given,
    person: RegisteredPerson | None,
    terms: Terms,
    strangers: Strangers,
) -> list[Finding]:
    """Return what is found in a row; nothing about strangers where too many did not agree."""
    is_stranger = kind is FilingKind.HIRE and person is not None and person.hired_on is None
    if not is_stranger:
        return findings_of(kind, row, person, terms)
    if strangers.is_exhausted:
        return [finding("too_many_disagree", ERROR)]
    found = findings_of(kind, row, person, terms)
    strangers.count(agrees=not any(wrong.code == "name_disagrees" for wrong in found))
    return found


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
    kind: FilingKind, row: Given, person: RegisteredPerson | None, terms: Terms
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
    return [*found, *validate_row(kind, row.given, person, terms)]


def as_kept(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as a row keeps them."""
    return [{"code": found.code, "level": found.level, "facts": found.facts} for found in findings]


def _as_kept_row(
    kind: FilingKind,
    row: Given,
    key: str,
    person: RegisteredPerson | None,
    terms: Terms,
    found: list[Finding],
) -> dict[str, Any]:
    is_good = not any(wrong.level == ERROR for wrong in found)
    given = dict(row.given)
    is_compared = kind in _COMPARED and given.get("wage_fen") is not None
    if is_compared and person is not None and person.present_fen is not None:
        given.setdefault("present_fen", person.present_fen)
    return {
        "position": row.position,
        "person_id": person.id if person else None,
        "given": given,
        "findings": as_kept(found),
        "state": RowState.GOOD if is_good else RowState.REFUSED,
        "is_late": is_good and is_late(kind, given, terms),
        "row_key": key,
    }
