"""Benefits by month: no month paid twice, back pay is what was held, each row has its cause."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import exists, func, select, true
from sqlalchemy.orm import Session, aliased

from siweb.audit.activity import Activity
from siweb.collection.books.imbalance import MOST, Imbalance, Scope
from siweb.collection.tables.levy_run import LevyRun
from siweb.ledgers.benefits.back_pay import ACTION
from siweb.ledgers.tables.benefit_entry import PAYS, BenefitEntry, BenefitEntryKind
from siweb.registry.tables.bring_in import BringIn
from siweb.registry.tables.person_alias import PersonAlias

FILE = "benefits_paid"
_LISTED = (BenefitEntryKind.PAID, BenefitEntryKind.ADJUSTED)


def benefit_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield months that are paid twice, back pay of other amounts, and rows from nowhere."""
    yield from _paid_twice(session, scope)
    yield from _not_what_was_held(session, scope)
    yield from _not_decided(session, scope)
    if scope.month is None:
        yield from _files(session, scope)


def _is_meant(scope: Scope) -> tuple[Any, ...]:
    entry = BenefitEntry
    month = true() if scope.month is None else entry.month == scope.month
    return (scope.region(entry.region_code), month)


def _name(row: Any) -> str:
    return f"{row.benefit.value} of person {row.person_id}, {row.month}"


def _paid_twice(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield months that two keys of one person, or two regions, were paid for."""
    entry = BenefitEntry
    person = func.coalesce(PersonAlias.person_id, entry.person_id).label("person_id")
    query = (
        select(person, entry.benefit, entry.month, func.count().label("rows"))
        .outerjoin(PersonAlias, PersonAlias.former_id == entry.person_id)
        .where(*_is_meant(scope), entry.kind.in_(PAYS))
        .group_by(person, entry.benefit, entry.month)
        .having(func.count() > 1)
        .order_by(person, entry.month)
    )
    for row in session.execute(query.limit(MOST)):
        yield Imbalance("how often it was paid (a count)", _name(row), 1, row.rows)


def _not_what_was_held(session: Session, scope: Scope) -> Iterator[Imbalance]:
    entry, held = BenefitEntry, aliased(BenefitEntry)
    due = func.coalesce(held.amount_fen, 0)
    query = (
        select(entry.person_id, entry.benefit, entry.month, due.label("due"), entry.amount_fen)
        .outerjoin(
            held,
            (held.region_code == entry.region_code)
            & (held.person_id == entry.person_id)
            & (held.benefit == entry.benefit)
            & (held.month == entry.month)
            & (held.kind == BenefitEntryKind.HELD),
        )
        .where(
            *_is_meant(scope),
            entry.kind == BenefitEntryKind.BACK_PAY,
            due != entry.amount_fen,
        )
        .order_by(entry.person_id, entry.month)
    )
    for row in session.execute(query.limit(MOST)):
        yield Imbalance("back pay of what was held", _name(row), int(row.due), row.amount_fen)


def _not_decided(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield back pay that no deed of the activity log stands behind."""
    entry = BenefitEntry
    action = exists().where(
        Activity.person_id == entry.person_id,
        Activity.action == ACTION,
        # An action and its rows are written in one transaction with one instant: to the microsecond
        # it names them.
        Activity.at == entry.recorded_at,
    )
    query = (
        select(entry.person_id, entry.benefit, entry.month, entry.amount_fen)
        .where(*_is_meant(scope), entry.kind == BenefitEntryKind.BACK_PAY, ~action)
        .order_by(entry.person_id, entry.month)
    )
    for row in session.execute(query.limit(MOST)):
        yield Imbalance("nobody decided this back pay", _name(row), 0, row.amount_fen)


def _files(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield times at which other amounts were recorded than the paying side's lists had.

    What was recorded no later than the first bills of a region was taken over.
    """
    entry = BenefitEntry
    keys = (BringIn.region_code, BringIn.recorded_at)
    listed = (
        select(*keys, func.sum(BringIn.added_fen).label("fen"))
        .where(BringIn.kind == FILE, scope.region(BringIn.region_code))
        .group_by(*keys)
    )
    due = {(row[0], row[1]): int(row[2]) for row in session.execute(listed)}
    recorded = (
        select(entry.region_code, entry.recorded_at, func.sum(entry.amount_fen))
        .where(scope.region(entry.region_code), entry.kind.in_(_LISTED))
        .group_by(entry.region_code, entry.recorded_at)
    )
    found = {(row[0], row[1]): int(row[2]) for row in session.execute(recorded)}
    bills = select(LevyRun.region_code, func.min(LevyRun.issued_at)).group_by(LevyRun.region_code)
    first = {row[0]: row[1] for row in session.execute(bills)}
    for region, at in sorted(due.keys() | found.keys()):
        is_of_before = (region, at) not in due and at <= (first.get(region) or at)
        if is_of_before:
            continue
        expected, there = due.get((region, at), 0), found.get((region, at), 0)
        if expected != there:
            subject = f"benefits paid, recorded at {at.isoformat()} in {region}"
            yield Imbalance("amounts of the lists", subject, expected, there)
