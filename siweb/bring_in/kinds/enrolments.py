"""Enrolments (参保关系) of an old system: who took part in which insurance, month to month."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import select

from siweb.bring_in.column import Column
from siweb.bring_in.kinds.employments import overlap
from siweb.bring_in.kinds.shared_columns import EMPLOYER, INSURANCE, PERSON, SCHEME, month
from siweb.bring_in.read_rows import Row
from siweb.bring_in.row_import import Key, RowImport, people_of
from siweb.db.among import among
from siweb.db.insert_many import insert_many
from siweb.registry.claim_enrolments import claim_enrolments, is_without_claim
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.search.follow import let_region_find
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import NO_EMPLOYER, Enrolment
from siweb.registry.tables.enrolment_claim import EnrolmentClaim


def insuring_employer_of(row: Row) -> int:
    """Return the insuring employer of a row: each employer's own in work injury alone."""
    is_injury = row.values["insurance"] == Insurance.WORK_INJURY
    return (row.employer_id or NO_EMPLOYER) if is_injury else NO_EMPLOYER


def hold_payer(row: Row) -> None:
    """Name a row whose scheme and employer contradict one another."""
    if (row.values["scheme"] == Scheme.EMPLOYEE) != (row.employer_id is not None):
        row.refuse("uscc", "payer")


class Enrolments(RowImport):
    """One row for each insurance and each stretch of months."""

    columns: ClassVar[Sequence[Column]] = (
        PERSON,
        INSURANCE,
        SCHEME,
        EMPLOYER,
        month("from_month", "参保起始月", "First month", is_needed=True),
        month("to_month", "参保截止月", "Last month; empty while it lasts"),
    )
    compared = ("scheme", "uscc", "to_month")

    def key(self, row: Row) -> Key:
        return (*self._place(row), row.values["from_month"])

    def hold(self, row: Row) -> None:
        hold_payer(row)
        if row.get("to_month") and row.values["to_month"] < row.values["from_month"]:
            row.refuse("to_month", "ends_before")

    def there(self, rows: Sequence[Row]) -> Mapping[Key, Mapping[str, Any]]:
        return {
            (*_place_of(found), found.from_month): {
                "scheme": found.scheme,
                "uscc": found.uscc,
                "to_month": found.to_month,
            }
            for found in self._enrolments(rows)
        }

    def hold_together(self, rows: Sequence[Row]) -> None:
        """Nobody takes part twice in one insurance, here or elsewhere (SIL 10; Order 13 Art. 9)."""
        spans: dict[Any, list[Any]] = {}
        for found in self._enrolments(rows):
            spans.setdefault(_place_of(found), []).append((found.from_month, found.to_month))
        claimed = self._claimed_elsewhere(rows)
        for row in rows:
            mine = (row.values["from_month"], row.get("to_month"))
            others = spans.setdefault(self._place(row), [])
            if any(overlap(mine, other) for other in others):
                row.refuse("from_month", "overlaps")
            others.append(mine)
            region = claimed.get(self._place(row))
            if region is not None and row.get("to_month") is None:
                row.refuse("to_month", "open_elsewhere", region=region)

    def add(self, rows: Sequence[Row]) -> None:
        names = (
            "region_code", "person_id", "insurance", "insuring_employer_id", "from_month",
            "sequence", "scheme", "employer_id", "to_month",
        )  # fmt: skip
        insert_many(
            self.session,
            Enrolment.__table__,
            names,
            (
                (
                    self.terms.region_code,
                    row.person_id,
                    Insurance(row.values["insurance"]),
                    insuring_employer_of(row),
                    row.values["from_month"],
                    0,
                    Scheme(row.values["scheme"]),
                    row.employer_id,
                    row.get("to_month"),
                )
                for row in rows
            ),
        )
        claim_enrolments(
            self.session,
            Enrolment.region_code == self.terms.region_code,
            among(Enrolment.person_id, people_of(rows)),
            *is_without_claim(),
        )
        let_region_find(self.session, self.terms.region_code, people_of(rows))

    def _place(self, row: Row) -> tuple[Any, ...]:
        return (row.person_id, row.values["insurance"], insuring_employer_of(row))

    def _enrolments(self, rows: Sequence[Row]) -> Sequence[Any]:
        query = (
            select(
                Enrolment.person_id,
                Enrolment.insurance,
                Enrolment.insuring_employer_id,
                Enrolment.from_month,
                Enrolment.to_month,
                Enrolment.scheme,
                Employer.uscc,
            )
            .outerjoin(Employer, Employer.id == Enrolment.employer_id)
            .where(
                Enrolment.region_code == self.terms.region_code,
                among(Enrolment.person_id, people_of(rows)),
            )
        )
        return self.session.execute(query).all()

    def _claimed_elsewhere(self, rows: Sequence[Row]) -> dict[tuple[Any, ...], str]:
        claim = EnrolmentClaim
        query = select(
            claim.person_id,
            claim.insurance,
            claim.employer_id.label("insuring_employer_id"),
            claim.region_code,
        ).where(
            claim.region_code != self.terms.region_code, among(claim.person_id, people_of(rows))
        )
        return {_place_of(found): found.region_code for found in self.session.execute(query)}


def _place_of(found: Any) -> tuple[Any, ...]:
    return (found.person_id, found.insurance, found.insuring_employer_id)
