"""What was assessed = its bill; what was settled was taken back to the fen and used."""

from collections.abc import Iterator

from sqlalchemy import or_, select, true
from sqlalchemy.orm import Session, aliased

from siweb.collection.books.imbalance import Imbalance, Scope
from siweb.collection.tables.assessment import Assessment, AssessmentKind, AssessmentState
from siweb.collection.tables.bill import Bill

_BILLED = (AssessmentState.DECIDED, AssessmentState.OVERTAKEN, AssessmentState.SETTLED)


def assessment_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield cases whose bill is not their amounts, and settlements that are no mirror.

    Cases are few beside records, and their amounts stand in JSON: they are read one by one.
    """
    rows = session.execute(
        select(Assessment, Bill.total_fen, Bill.paid_fen)
        .outerjoin(Bill, Bill.assessment_id == Assessment.id)
        .where(
            scope.region(Assessment.region_code),
            true() if scope.month is None else Assessment.from_month == scope.month,
            or_(Assessment.state.in_(_BILLED), Bill.id.is_not(None)),
        )
        .order_by(Assessment.id)
        .execution_options(yield_per=1000)
    )
    for assessment, billed, paid in rows:
        subject = f"assessment {assessment.id}"
        due = assessment.total_fen if assessment.state in _BILLED else 0
        if billed != due:
            yield Imbalance("its bill", subject, due, int(billed or 0))
        if assessment.kind is AssessmentKind.SETTLEMENT and billed != paid:
            yield Imbalance("credit that was not used", subject, int(billed or 0), int(paid or 0))
    yield from _no_mirrors(session, scope)


def _no_mirrors(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield settled cases that were not taken back, or not to the fen."""
    back = aliased(Assessment)
    rows = session.execute(
        select(Assessment, back)
        .outerjoin(back, back.settles_id == Assessment.id)
        .where(
            scope.region(Assessment.region_code),
            Assessment.kind != AssessmentKind.SETTLEMENT,
            or_(Assessment.state == AssessmentState.SETTLED, back.id.is_not(None)),
        )
        .order_by(Assessment.id)
        .execution_options(yield_per=1000)
    )
    for assessment, reversal in rows:
        found = reversal.total_fen if reversal else 0
        if found != -assessment.total_fen:
            subject = f"assessment {assessment.id}"
            yield Imbalance("what was taken back", subject, -assessment.total_fen, found)
