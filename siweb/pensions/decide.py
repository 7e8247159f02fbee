"""Decide an application for a pension: approve it with its amount, or refuse it with reasons."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.clock import office_day
from siweb.messages.kinds.benefits import PENSION_APPROVED, PENSION_REFUSED
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import notify
from siweb.messages.served import remedies_until
from siweb.pensions.apply import SUBJECT, note
from siweb.pensions.eligibility import drawing_of, earliest_month, eligibility
from siweb.pensions.figures import ByHand, Figures, count_of, work_out
from siweb.pensions.paper import issue_decision
from siweb.pensions.place import is_elsewhere, is_unknown
from siweb.pensions.tables.pension_application import ApplicationState, PensionApplication
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal
from siweb.rules.parameters.pack_set import PackSet


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who proposed what is decided, who decides it, when, by which figures and under which key."""

    made_by: int
    packs: PackSet
    actor: Actor
    at: datetime
    secret: str

    @property
    def on(self) -> date:
        """Return the day at the office."""
        return office_day(self.at)


class DecisionRefused(Refusal):
    """When an application cannot be decided so; `code` says why."""


def calculate(
    session: Session,
    application: PensionApplication,
    by_hand: ByHand | None = None,
    *,
    packs: PackSet,
    on: date,
) -> Figures:
    """Return what the pension comes to by the books and figures of a day."""
    person = session.get_one(Person, application.person_id)
    counted, by_hand = count_of(session, person), by_hand or ByHand()
    if by_hand.household is None:
        applied = application.estimate.get("place") or {}
        by_hand = replace(by_hand, household=applied.get("household"))
    return work_out(person, counted, application.from_month, packs=packs, on=on, by_hand=by_hand)


def approve_application(
    session: Session,
    application: PensionApplication,
    by_hand: ByHand,
    words: str,
    deciding: Deciding,
    *,
    shown: dict[str, Any] | None,
) -> None:
    """Approve an application: the person draws a pension from its month on.

    `shown` are the figures that the second person saw: others are refused.

    :raises DecisionRefused: "closed", "died", "temporary", "draws", "drew", "too_early",
        "too_few_months", "household_unknown", "pays_elsewhere", "no_early_months",
        "no_amount", or "differs".
    """
    person = _hold(session, application)
    _require_able(session, person, application, deciding)
    figures = calculate(session, application, by_hand, packs=deciding.packs, on=deciding.on)
    if figures.months_short:
        raise DecisionRefused("too_few_months")
    if is_unknown(figures.place):
        raise DecisionRefused("household_unknown")
    if is_elsewhere(figures.place):
        raise DecisionRefused("pays_elsewhere")
    if by_hand.early_index_ppm is not None and figures.index_months == figures.months:
        raise DecisionRefused("no_early_months")
    if figures.total_fen is None:
        raise DecisionRefused("no_amount")
    if shown is not None and figures.as_dict() != shown:
        raise DecisionRefused("differs")
    benefit = Benefit(
        person_id=person.id,
        region_code=application.region_code,
        kind=BenefitKind.PENSION,
        monthly_fen=figures.total_fen,
        from_month=application.from_month,
        state=BenefitState.ACTIVE,
        # Who is decided about lives: the first period of certification begins today.
        certified_on=deciding.on,
    )
    session.add(benefit)
    session.flush()
    application.state, application.benefit_id = ApplicationState.APPROVED, benefit.id
    application.monthly_fen, application.decided = figures.total_fen, figures.as_dict()
    _finish(session, application, person, PENSION_APPROVED, words, deciding)


def refuse_application(
    session: Session,
    application: PensionApplication,
    reasons: str,
    deciding: Deciding,
) -> None:
    """Refuse an application with its reasons; the paper names the remedies.

    :raises DecisionRefused: "closed".
    """
    person = _hold(session, application)
    application.state = ApplicationState.REFUSED
    _finish(session, application, person, PENSION_REFUSED, reasons, deciding)


def _hold(session: Session, application: PensionApplication) -> Person:
    """Return the applicant; of two who decide at the same moment the second hears it was done."""
    # The person first, as whoever applies does.
    person = session.get_one(Person, application.person_id, with_for_update={"of": Person})
    session.refresh(application, with_for_update=True)
    if application.state is not ApplicationState.SENT:
        raise DecisionRefused("closed")
    return person


def _require_able(
    session: Session, person: Person, application: PensionApplication, deciding: Deciding
) -> None:
    drawing = drawing_of(session, person)
    able = eligibility(person, drawing, deciding.packs, on=deciding.on)
    if able.obstacle in {"died", "temporary", "draws", "drew"}:
        raise DecisionRefused(able.obstacle)
    retirement = able.retirement
    if retirement is None or application.from_month < earliest_month(retirement):
        raise DecisionRefused("too_early")


def count_remedies(
    session: Session, region_code: str, number: str, served_on: date, *, packs: PackSet
) -> None:
    """Let the days for a review and the court run from the day on which a refusal is served."""
    review, suit = remedies_until(packs, region_code, served_on)
    session.execute(
        update(PensionApplication)
        .where(PensionApplication.id == int(number))
        .values(review_until=review, suit_until=suit)
    )


def _finish(
    session: Session,
    application: PensionApplication,
    person: Person,
    message: MessageKind,
    words: str,
    deciding: Deciding,
) -> None:
    at, actor, made_by = deciding.at, deciding.actor, deciding.made_by
    application.decision_words, application.decided_at = words, at
    application.made_by_account_id = made_by
    # While its maker only tries it, nobody has checked it.
    application.checked_by_account_id = None if actor.account_id == made_by else actor.account_id
    application.review_until, application.suit_until = remedies_until(
        deciding.packs, application.region_code, deciding.on
    )
    session.flush()
    issue_decision(
        session, application, person, on=deciding.on, actor=actor, at=at, secret=deciding.secret
    )
    note(session, f"pension.{application.state.value}", application, actor, at)
    notify(
        session,
        message,
        person.id,
        region_code=application.region_code,
        subject=(SUBJECT, application.id),
        at=at,
    )
