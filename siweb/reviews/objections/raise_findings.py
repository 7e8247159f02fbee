"""Raise objections from what a review found: one for each month and whoever can confirm it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.ledgers.lookup import of_person
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.person_keys import is_of
from siweb.registry.tables.enrolment import Enrolment
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.kinds.outcome import Finding
from siweb.reviews.tables.objection import Objection

Employers = Mapping[tuple[str, str], Collection[int]]
"""Who can confirm a month of an insurance: its employers, by insurance and month."""


def raise_findings(
    session: Session, facts: ReviewFacts, findings: tuple[Finding, ...], *, at: datetime
) -> None:
    """Keep every finding as an objection of the case."""
    employers = _employers(session, facts) if findings else {}
    for finding in findings:
        for employer_id, insurances in parts_of(finding, employers):
            session.add(
                Objection(
                    review_id=facts.review.id,
                    problem=finding.problem,
                    insurances=list(insurances),
                    contribution_month=finding.month,
                    claimed_base_fen=finding.claimed_base_fen,
                    words=finding.words,
                    found_by_office=finding.found_by_office,
                    employer_id=employer_id,
                    raised_at=at,
                )
            )
    session.flush()


def parts_of(
    finding: Finding, employers: Employers
) -> Iterator[tuple[int | None, tuple[str, ...]]]:
    """Yield each employer who is asked about a finding, with the insurances it is asked about.

    Mostly that is one. In two jobs each employer answers for its own, and both for an insurance
    that both pay, as for work injury (Order 13 Art. 9); insurances in which nobody had registered
    the person go with the first, who is asked about that month anyway.
    """
    of_employer: dict[int, list[str]] = {}
    nobodys = []
    for insurance in finding.insurances:
        asked = employers.get((insurance, finding.month or ""), ())
        if not asked:
            nobodys.append(insurance)
        for employer_id in sorted(asked):
            of_employer.setdefault(employer_id, []).append(insurance)
    if not of_employer:
        yield None, finding.insurances
        return
    for place, (employer_id, insurances) in enumerate(of_employer.items()):
        named = {*insurances, *(nobodys if place == 0 else ())}
        yield employer_id, tuple(name for name in finding.insurances if name in named)


def _employers(session: Session, facts: ReviewFacts) -> Employers:
    """Return who can confirm a month: the employers of the record, else of the enrolment."""
    found: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    enrolments = session.execute(
        select(
            Enrolment.insurance, Enrolment.from_month, Enrolment.to_month, Enrolment.employer_id
        ).where(
            is_of(Enrolment.person_id, facts.review.person_id), Enrolment.employer_id.is_not(None)
        )
    ).all()
    for insurance, first, last, employer_id in enrolments:
        for month in facts.months:
            if first <= month and (last is None or month <= last):
                found[insurance.value, month].add(int(employer_id or 0))
    records = session.execute(
        select(
            ContributionRecord.insurance,
            ContributionRecord.contribution_month,
            ContributionRecord.employer_id,
        ).where(
            of_person(facts.review.person_id, facts.months),
        )
    ).all()
    paid: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for insurance, month, employer in records:
        if employer:
            paid[insurance.value, month].add(employer)
    # The record over the enrolment: who paid for the month knows of it.
    return {**found, **paid}
