"""What a day does to benefits: due, overdue, suspended; never ended by the calendar (OpReg 26).

None is suspended before the announcement of it was served, nor for a month that had begun by then.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import SYSTEM
from siweb.audit.record import record_activity
from siweb.messages.kinds.benefits import SUSPENSION_ANNOUNCED
from siweb.messages.notify import subject_of
from siweb.messages.served import of_message
from siweb.messages.tables.message import Message
from siweb.messages.tables.service import MessageService
from siweb.registry.tables.benefit import Benefit, BenefitState
from siweb.reviews.benefits.state import announced_on, standing
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.rules.benefits.certification import CertificationTerms, compute_certification
from siweb.rules.calendar.months import add_months, month_of
from siweb.rules.parameters.pack_set import PackSet


def move_benefits(
    session: Session, *, packs: PackSet, on: date, at: datetime
) -> dict[BenefitState, int]:
    """Bring every benefit to where it stands on a day; return how many moved to each state.

    One statement for all that were certified on one day, and for each day on which some of them
    were served; a second run moves nothing. The caller commits.
    """
    month = month_of(on)
    moved: dict[BenefitState, int] = {}

    def move(state: BenefitState, first: str | None, *which: ColumnElement[bool]) -> None:
        result = session.execute(
            update(Benefit)
            .where(*which, Benefit.state.not_in([state, BenefitState.TERMINATED]))
            .values(state=state, suspended_from_month=first)
            .execution_options(synchronize_session=False)
        )
        number = int(result.rowcount)  # type: ignore[attr-defined]
        if number:
            moved[state] = moved.get(state, 0) + number

    # What a sentence stopped no certification lets go on.
    may_move = Benefit.stop_sign_id.is_(None)
    for region, window_days in _windows(session).items():
        terms = packs.parameters(region, month).certification_terms()
        for certified_on in _certified_days(session, region):
            group = (Benefit.region_code == region, Benefit.certified_on == certified_on, may_move)
            first = compute_certification(certified_on, terms).suspended_from_month
            if month < first:
                state = _state_on(certified_on, terms, window_days, on)
                move(state, None, *group)
                continue
            for from_month, served in _served(session, region, certified_on, first):
                if from_month <= month:
                    move(BenefitState.SUSPENDED, from_month, *group, served)
            # Whoever was not told lawfully draws it until they were.
            running = Benefit.state != BenefitState.SUSPENDED
            move(BenefitState.OVERDUE, None, *group, running)
    if moved:
        facts = {state.value: number for state, number in moved.items()}
        record_activity(
            session,
            "benefits.moved",
            actor=SYSTEM,
            at=at,
            subject=("day", on.isoformat()),
            facts=facts,
        )
    return moved


def _state_on(
    certified_on: date, terms: CertificationTerms, window_days: int, on: date
) -> BenefitState:
    benefit = Benefit(certified_on=certified_on, state=BenefitState.ACTIVE)
    return standing(benefit, terms, window_days, on).state


def _served(
    session: Session, region: str, certified_on: date, first: str
) -> Iterator[tuple[str, ColumnElement[bool]]]:
    """Return from which month those may be suspended whom the announcement was served on, and who.

    The month is the announced one, or the first that begins after the service and after the office
    knew of it: what was paid meanwhile was paid rightly.
    """
    served: tuple[ColumnElement[bool], ...] = (
        Message.region_code == region,
        Message.kind == SUSPENSION_ANNOUNCED.name,
        Message.notified_on == announced_on(first),
        of_message(Message),
    )
    of_benefit = Message.subject == subject_of("benefit", Benefit.id)
    days = session.execute(
        select(Message.until_on, MessageService.served_on, MessageService.recorded_on)
        .distinct()
        .join_from(Benefit, Message, of_benefit)
        .join(MessageService, of_message(Message))
        .where(
            *served,
            Benefit.region_code == region,
            Benefit.certified_on == certified_on,
            Benefit.state.not_in([BenefitState.SUSPENDED, BenefitState.TERMINATED]),
            MessageService.served_on.is_not(None),
        )
    ).all()
    found: list[tuple[str, Any]] = []
    for until_on, served_on, recorded_on in days:
        announced = first if until_on is None else max(first, month_of(until_on))
        # The later of the two: until the office knew of the service it had to pay.
        after = add_months(month_of(max(each for each in (served_on, recorded_on) if each)), 1)
        is_one = (
            select(Message.reader_id)
            .where(
                *served,
                of_benefit,
                Message.until_on == until_on,
                MessageService.served_on == served_on,
                MessageService.recorded_on == recorded_on,
            )
            .exists()
        )
        found.append((max(announced, after), is_one))
    # Served in two ways, the first one counts.
    return iter(sorted(found, key=lambda each: each[0]))


def _certified_days(session: Session, region: str) -> list[date]:
    query = (
        select(Benefit.certified_on)
        .where(Benefit.region_code == region, Benefit.state != BenefitState.TERMINATED)
        .distinct()
    )
    return list(session.scalars(query))


def _windows(session: Session) -> dict[str, int]:
    """Return of each region with certification how long before its last day one is due, in days."""
    campaigns = session.scalars(
        select(Campaign).where(Campaign.kind == ReviewKind.CERTIFICATION).order_by(Campaign.year)
    )
    return {campaign.region_code: campaign.window_days for campaign in campaigns}
