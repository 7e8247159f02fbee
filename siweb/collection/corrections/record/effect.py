"""What a correction changes: records before and after, bills, and papers that say otherwise."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.collection.corrections.record.correction import Correction
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.levy_run import LevyRun
from siweb.db.arithmetic import whole
from siweb.documents.kinds import SHOWS_MONTHS
from siweb.documents.tables.document import Document
from siweb.ledgers.lookup import of_person
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.person_keys import is_of
from siweb.rules.calendar.months import add_months, months_between, months_through
from siweb.rules.insurances import insurance_order

_RECORD = ContributionRecord
_AMOUNTS = ("base_fen", "employer_fen", "employee_fen")
# What papers of the record are about, as `siweb.ledgers.certificates.kinds` names it: a year, or
# the months from one to another.
_YEAR, _MONTHS = "record_year", "record_months"


@dataclass(frozen=True, slots=True)
class Line:
    """Months that change alike: of an insurance at a payer, base and both shares, each in fen."""

    first_month: str
    last_month: str
    insurance: str
    employer_id: int | None
    before: tuple[int, int, int]
    after: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Billed:
    """What a payer owes more, or gets back where it is negative, in fen."""

    employer_id: int | None
    fen: int


@dataclass(frozen=True, slots=True)
class Effect:
    """All that a correction changes; `papers` are the references of statements it outdates."""

    lines: tuple[Line, ...] = ()
    bills: tuple[Billed, ...] = ()
    papers: tuple[str, ...] = ()

    @property
    def takes_away(self) -> bool:
        """Return whether less is recorded of some insurance than before, whoever pays it."""
        more: dict[str, int] = defaultdict(int)
        for line in self.lines:
            months = months_between(line.first_month, line.last_month) + 1
            more[line.insurance] += months * (line.after[0] - line.before[0])
        return any(base_fen < 0 for base_fen in more.values())

    def as_dict(self) -> dict[str, Any]:
        """Return the values as a task keeps them."""
        return {
            "lines": [asdict(line) | {"before": list(line.before), "after": list(line.after)}
                      for line in self.lines],
            "bills": [asdict(bill) for bill in self.bills],
            "papers": list(self.papers),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, given: dict[str, Any]) -> "Effect":
        """Return what a task keeps."""
        lines = (
            Line(**line | {"before": tuple(line["before"]), "after": tuple(line["after"])})
            for line in given["lines"]
        )
        bills = (Billed(**bill) for bill in given["bills"])
        return cls(tuple(lines), tuple(bills), tuple(given["papers"]))


def effect_of(session: Session, correction: Correction, run: LevyRun | None) -> Effect:
    """Return what a run changed of a person's record, beside what was recorded before it."""
    papers = outdated_papers(session, correction)
    references = tuple(sorted(paper.reference for paper in papers))
    if run is None:
        return Effect(papers=references)
    bills = session.execute(
        select(Bill.employer_id, Bill.total_fen)
        .where(Bill.levy_run_id == run.id)
        .order_by(Bill.employer_id)
    )
    billed = tuple(Billed(employer_id, int(fen)) for employer_id, fen in bills)
    return Effect(tuple(_lines(session, correction, run)), billed, references)


def outdated_papers(session: Session, correction: Correction) -> list[Document]:
    """Return the person's papers that show the months as they were and still hold."""
    papers = session.scalars(
        select(Document).where(
            is_of(Document.person_id, correction.person_id),
            Document.kind.in_(SHOWS_MONTHS),
            Document.subject_kind.in_((_YEAR, _MONTHS)),
            Document.revoked_at.is_(None),
        )
    )
    first, last = correction.months
    return [
        paper for paper in papers if (shown := _months_on(paper))[0] <= last and first <= shown[1]
    ]


def _months_on(paper: Document) -> tuple[str, str]:
    """Return the first and the last month that a paper shows."""
    _person, *shown, _digest = paper.subject_id.split("/")
    if paper.subject_kind == _YEAR:
        return f"{shown[0]}-01", f"{shown[0]}-12"
    return shown[0], shown[1]


def _lines(session: Session, correction: Correction, run: LevyRun) -> list[Line]:
    months = list(months_through(run.contribution_month, run.through_month))
    sums = [whole(func.sum(getattr(_RECORD, name))) for name in _AMOUNTS]
    keys = (_RECORD.insurance, _RECORD.employer_id, _RECORD.contribution_month)
    theirs = (
        _RECORD.region_code == run.region_code,
        of_person(correction.person_id, months),
    )
    before: dict[Any, tuple[int, ...]] = defaultdict(lambda: (0, 0, 0))
    by_others = _RECORD.levy_run_id.is_distinct_from(run.id)
    for *key, base, employer, employee in session.execute(
        select(*keys, *sums).where(*theirs, is_issued(), by_others).group_by(*keys)
    ):
        before[tuple(key)] = (int(base), int(employer), int(employee))
    changed = session.execute(
        select(*keys, *sums).where(*theirs, _RECORD.levy_run_id == run.id).group_by(*keys)
    )
    lines = []
    for insurance, payer, month, *amounts in changed:
        was = before[insurance, payer, month]
        now = tuple(old + int(more) for old, more in zip(was, amounts, strict=True))
        lines.append(Line(month, month, insurance.value, payer, was, now))  # type: ignore[arg-type]
    return _together(lines)


def _together(lines: Iterable[Line]) -> list[Line]:
    """Return lines of months one after the other that change alike as one."""
    found: list[Line] = []
    order = sorted(
        lines,
        key=lambda line: (insurance_order(line.insurance), line.employer_id or 0, line.first_month),
    )
    for line in order:
        last = found[-1] if found else None
        if last is not None and _goes_on(last, line):
            found[-1] = Line(
                last.first_month, line.last_month, line.insurance, line.employer_id,
                line.before, line.after,
            )  # fmt: skip
        else:
            found.append(line)
    return found


def _goes_on(last: Line, line: Line) -> bool:
    same = (last.insurance, last.employer_id, last.before, last.after)
    return same == (line.insurance, line.employer_id, line.before, line.after) and (
        line.first_month == add_months(last.last_month, 1)
    )
