"""Find the scans of a matter, and who opened them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Subquery, and_, cast, func, select
from sqlalchemy.orm import Session, aliased

from siweb.audit.activity import Activity
from siweb.auth.tables.account import Account
from siweb.evidence.attach import Matter, is_of
from siweb.evidence.tables.evidence_file import EvidenceFile
from siweb.registry.tables.person import Person

OPENED = "evidence.opened"
KIND = "evidence_file"
# Of each scan, the latest; the log has them all.
_MOST = 30


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody opened a scan."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShownScan:
    """A scan of a matter, who attached it, and who opened it since, the latest first."""

    file: EvidenceFile
    by: str
    openings: list[Opening]


def scans_of(session: Session, matter: Matter) -> list[ShownScan]:
    """Return the scans of a matter with who opened them; one statement."""
    return gathered(
        session.execute(_with_openings(select(EvidenceFile), matter).where(is_of(matter)))
    )


def beside(asked: Select[Any], matter: Matter, on: ColumnElement[bool]) -> Select[Any]:
    """Add a matter's scans to a question as its last four columns, for `gathered`.

    They stand beside the row for which `on` holds, which is one, or they would come several times.
    """
    joined = asked.add_columns(EvidenceFile).outerjoin(EvidenceFile, and_(is_of(matter), on))
    return _with_openings(joined, matter)


def gathered(rows: Iterable[Any]) -> list[ShownScan]:
    """Return the scans of rows that name each beside one who opened it."""
    found: dict[int, ShownScan] = {}
    for file, by, name, at in rows:
        if file is None:
            continue
        shown = found.setdefault(file.id, ShownScan(file, by, []))
        if at is not None:
            shown.openings.append(Opening(name, at))
    return list(found.values())


def _with_openings(asked: Select[Any], matter: Matter) -> Select[Any]:
    opener, opened_by, opened = aliased(Account), aliased(Person), _openings_of(matter)
    is_of_file = and_(opened.c.subject_id == cast(EvidenceFile.id, String), opened.c.place <= _MOST)
    return (
        asked.add_columns(Person.name, opened_by.name, opened.c.at)
        .outerjoin(Account, Account.id == EvidenceFile.attached_by_account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(opened, is_of_file)
        .outerjoin(opener, opener.id == opened.c.account_id)
        .outerjoin(opened_by, opened_by.id == opener.person_id)
        .order_by(EvidenceFile.id, opened.c.place)
    )


def _openings_of(matter: Matter) -> Subquery:
    """Return the openings of a matter's scans, numbered for each scan from the latest back."""
    files = select(cast(EvidenceFile.id, String)).where(is_of(matter))
    place = func.row_number().over(partition_by=Activity.subject_id, order_by=Activity.id.desc())
    columns = (Activity.subject_id, Activity.account_id, Activity.at, place.label("place"))
    return (
        select(*columns)
        .where(
            Activity.subject_kind == KIND,
            Activity.subject_id.in_(files),
            Activity.action == OPENED,
        )
        .subquery()
    )


def find_scan(session: Session, reference: str) -> EvidenceFile | None:
    """Return a scan by what stands in its address."""
    return session.scalar(select(EvidenceFile).where(EvidenceFile.reference == reference))
