"""Take in the months that people questioned in the yearly review and nobody registered them for."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from siweb.auth.staff.duties import Scope
from siweb.collection.assessments.reports.report_hire import source_key
from siweb.collection.tables.hire_report import HireReport, ReportOrigin, ReportState
from siweb.db.claim import insert_new
from siweb.db.reference_code import new_reference
from siweb.registry.codes import Scheme
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.reviews.tables.objection import Objection, ObjectionState, Problem
from siweb.reviews.tables.review import Review
from siweb.rules.calendar.months import first_day, last_day

# What the person wrote is quoted in a list; the whole stands in the case.
_MOST_WORDS = 200


def take_in_questioned_months(session: Session, *, scope: Scope, at: datetime) -> int:
    """Make a report of each review with missing months without employer; return how many.

    A month in which an employer had registered the person is the review's own matter.
    """
    rows = session.execute(
        select(
            Review.id,
            Review.person_id,
            Person.name,
            Person.region_code,
            Objection.contribution_month,
            Objection.words,
            Objection.claimed_base_fen,
        )
        .join(Review, Review.id == Objection.review_id)
        .join(Person, Person.id == Review.person_id)
        .where(
            Objection.problem == Problem.MISSING,
            Objection.state == ObjectionState.OPEN,
            Objection.contribution_month.is_not(None),
            scope.has(Person.region_code),
            ~_is_registered(),
        )
        .order_by(Review.id, Objection.contribution_month, Objection.id)
    ).all()
    reports = {
        row["source_key"]: row
        for row in (
            _row(list(of_review), at) for _, of_review in groupby(rows, key=lambda row: row.id)
        )
    }
    # A review is taken in once; its objections stay open until the case is decided, and come
    # again.
    return insert_new(session, HireReport.source_key, reports)


def _is_registered() -> ColumnElement[bool]:
    """Return the condition that an employer registered the person in the month, under any key."""
    now, formerly = aliased(PersonAlias), aliased(PersonAlias)
    asked = select(now.person_id).where(now.former_id == Review.person_id)
    stands = func.coalesce(asked.correlate(Review).scalar_subquery(), Review.person_id)
    in_the_month = (
        Enrolment.scheme == Scheme.EMPLOYEE,
        Enrolment.from_month <= Objection.contribution_month,
        or_(Enrolment.to_month.is_(None), Enrolment.to_month >= Objection.contribution_month),
    )
    # One for the key that stands and one for former ones: joined by an OR neither finds an index.
    return or_(
        exists().where(Enrolment.person_id == stands, *in_the_month).correlate(Review, Objection),
        exists()
        .where(formerly.person_id == stands, Enrolment.person_id == formerly.former_id)
        .where(*in_the_month)
        .correlate(Review, Objection),
    )


def _row(months: list[Any], at: datetime) -> dict[str, Any]:
    first = months[0]
    return {
        "reference": new_reference(),
        "origin": ReportOrigin.REVIEW,
        "source_key": source_key(ReportOrigin.REVIEW, first.id),
        "region_code": first.region_code,
        "employer_named": _joined(month.words for month in months)[:_MOST_WORDS],
        "person_id": first.person_id,
        "person_name": first.name,
        "hired_on": first_day(first.contribution_month),
        "ended_on": last_day(months[-1].contribution_month),
        "wage_fen": max(month.claimed_base_fen or 0 for month in months) or None,
        "words": _joined(month.words for month in months)[:1000],
        "reported_by_person_id": first.person_id,
        "reported_at": at,
        "state": ReportState.OPEN,
    }


def _joined(words: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(text for text in words if text))
