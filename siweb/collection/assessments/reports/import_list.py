"""Compare a list of who is paid a wage with the register (a tax list, a list of hires).

A CSV with a heading: uscc, id_number, name, hired_on, and where known ended_on and wage. Once
the time to register is over, who is not insured through that employer in the month of the hire is
a report. The same row twice is one report; rows that cannot be read are named, and the others are
taken.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.staff.duties import EVERYWHERE, Scope
from siweb.collection.assessments.reports.report_hire import source_key
from siweb.collection.tables.hire_report import HireReport, ReportOrigin, ReportState
from siweb.db.claim import insert_new
from siweb.db.reference_code import new_reference
from siweb.db.sealing.field_keys import number_digest
from siweb.registry.find_person import people_by_number
from siweb.registry.person_keys import former_keys
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.calendar.deadlines import compute_deadline
from siweb.rules.calendar.months import month_of
from siweb.rules.errors import RuleError
from siweb.rules.identifiers.identity_number import parse_identity_number
from siweb.rules.identifiers.uscc import parse_uscc
from siweb.rules.numbers.money import fen_from_yuan
from siweb.rules.parameters.pack_set import PackSet

COLUMNS = ("uscc", "id_number", "name", "hired_on")
_HEADINGS = {
    "统一社会信用代码": "uscc",
    "身份证号码": "id_number",
    "身份证号": "id_number",
    "社会保障号码": "id_number",
    "姓名": "name",
    "入职日期": "hired_on",
    "离职日期": "ended_on",
    "月工资": "wage",
}
# So many values fit one IN list on both databases, and a page of errors is soon full.
_PIECE = 500
# Whoever sees fifty equal errors knows what is wrong with the file.
MOST_ERRORS = 50


@dataclass(slots=True)
class Compared:
    """What comparing a list came to; errors are (line, code)."""

    rows: int = 0
    reports: int = 0
    in_order: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)

    def add_error(self, line: int, code: str) -> None:
        """Keep what is wrong in a line, as long as somebody still reads it."""
        if len(self.errors) < MOST_ERRORS:
            self.errors.append((line, code))


@dataclass(frozen=True, slots=True)
class ListedHire:
    """One row of a list."""

    line: int
    uscc: str
    id_number: str
    name: str
    hired_on: date
    ended_on: date | None
    wage_fen: int | None


def compare_list(
    session: Session,
    content: bytes,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
    scope: Scope = EVERYWHERE,
) -> Compared:
    """Report whoever is on a list but not registered by that employer in time.

    An employer outside the scope is as unknown as one that the register does not have.
    """
    done = Compared()
    rows = _read(content, done)
    while piece := list(islice(rows, _PIECE)):
        _compare(session, packs, piece, done, scope, on, at)
    if done.rows:
        record_activity(
            session,
            "hire_list.compared",
            actor=actor,
            at=at,
            subject=("hire_list", source_key(content)[:16]),
            facts={"rows": done.rows, "reports": done.reports, "errors": len(done.errors)},
        )
    return done


def _read(content: bytes, done: Compared) -> Iterator[ListedHire]:
    reader = csv.DictReader(io.StringIO(_text(content), newline=""))
    try:
        yield from _hires(reader, done)
    except csv.Error:
        # A quote that nobody closed makes one field of the rest, longer than csv takes.
        done.errors.append((max(1, reader.line_num), "unreadable"))


def _hires(reader: "csv.DictReader[str]", done: Compared) -> Iterator[ListedHire]:
    names = {
        heading: _HEADINGS.get(heading.strip(), heading.strip())
        for heading in reader.fieldnames or ()
    }
    if missing := [heading for heading in COLUMNS if heading not in names.values()]:
        done.errors.append((1, f"column_{missing[0]}"))
        return
    for line, row in enumerate(reader, 2):
        given = {names[name]: (value or "").strip() for name, value in row.items() if name in names}
        done.rows += 1
        try:
            yield _hire(line, given)
        except (RuleError, ValueError) as error:
            done.add_error(line, getattr(error, "code", "day"))


def _hire(line: int, given: dict[str, str]) -> ListedHire:
    ended, wage = given.get("ended_on"), given.get("wage")
    return ListedHire(
        line,
        parse_uscc(given["uscc"]).number,
        parse_identity_number(given["id_number"]).number,
        given["name"][:100],
        date.fromisoformat(given["hired_on"]),
        date.fromisoformat(ended) if ended else None,
        fen_from_yuan(wage) if wage else None,
    )


def _text(content: bytes) -> str:
    try:
        # Tried first: Chinese in GB 18030 is hardly ever valid UTF-8,
        # while GB 18030 reads nearly anything.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def _compare(
    session: Session,
    packs: PackSet,
    piece: Sequence[ListedHire],
    done: Compared,
    scope: Scope,
    on: date,
    at: datetime,
) -> None:
    employers = {
        uscc: (employer_id, region)
        for uscc, employer_id, region in session.execute(
            select(Employer.uscc, Employer.id, Employer.region_code).where(
                Employer.uscc.in_({hire.uscc for hire in piece}),
                scope.has(Employer.region_code),
            )
        )
    }
    people = people_by_number(session, {hire.id_number for hire in piece})
    enrolled = _enrolled(session, [*people.values()], [hire for hire, _ in employers.values()])
    rows: dict[str, dict[str, Any]] = {}
    for hire in piece:
        employer = employers.get(hire.uscc)
        if employer is None:
            done.add_error(hire.line, "unknown_employer")
            continue
        person_id = people.get(hire.id_number)
        if _is_in_time(packs, hire, employer[1], on) or _covers(
            enrolled.get((person_id or 0, employer[0]), ()), hire
        ):
            done.in_order += 1
            continue
        row = _row(hire, employer, person_id, at)
        rows[row["source_key"]] = row
    # Lists name the same people again: who was reported before is no new report.
    done.reports += insert_new(session, HireReport.source_key, rows)


def _enrolled(
    session: Session, people: Sequence[int], employers: Sequence[int]
) -> dict[tuple[int, int], list[tuple[str, str | None]]]:
    found: dict[tuple[int, int], list[tuple[str, str | None]]] = {}
    former = former_keys(session, people)
    rows = session.execute(
        select(
            Enrolment.person_id, Enrolment.employer_id, Enrolment.from_month, Enrolment.to_month
        ).where(
            Enrolment.person_id.in_([*people, *former]),
            # Through an employer somebody takes part as an employee alone.
            Enrolment.employer_id.in_(employers),
        )
    )
    for person_id, employer_id, first, last in rows:
        key = former.get(person_id, person_id), employer_id or 0
        found.setdefault(key, []).append((first, last))
    return found


def _is_in_time(packs: PackSet, hire: ListedHire, region_code: str, on: date) -> bool:
    """Return whether the time to register is not over yet."""
    period = packs.parameters(region_code, month_of(on)).period("employee_registration")
    return on <= compute_deadline(hire.hired_on, period, packs.calendar()).moved_to


def _covers(enrolments: Sequence[tuple[str, str | None]], hire: ListedHire) -> bool:
    """Return whether somebody takes part there in the month of the hire."""
    month = month_of(hire.hired_on)
    return any(first <= month and (last is None or last >= month) for first, last in enrolments)


def _row(
    hire: ListedHire, employer: tuple[int, str], person_id: int | None, at: datetime
) -> dict[str, Any]:
    return {
        "reference": new_reference(),
        "origin": ReportOrigin.LIST,
        "source_key": source_key(
            ReportOrigin.LIST, hire.uscc, number_digest(hire.id_number), hire.hired_on
        ),
        "region_code": employer[1],
        "employer_id": employer[0],
        "employer_named": hire.uscc,
        "person_id": person_id,
        "person_name": hire.name,
        # Whom the register knows it names by its own key.
        "id_number": None if person_id else hire.id_number,
        "number_digest": None if person_id else number_digest(hire.id_number),
        "hired_on": hire.hired_on,
        "ended_on": hire.ended_on,
        "wage_fen": hire.wage_fen,
        "words": "",
        "reported_at": at,
        "state": ReportState.OPEN,
    }
