"""Apply for a pension, once; withdraw it while nobody has decided."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.db.reference_code import new_reference
from siweb.messages.kinds.benefits import PENSION_APPLIED
from siweb.messages.notify import notify
from siweb.pensions.definition import DEFINITION
from siweb.pensions.eligibility import Eligibility, drawing_of, eligibility
from siweb.pensions.facts import ApplicationFacts, decision_period
from siweb.pensions.figures import ByHand, Counted, count_of, work_out
from siweb.pensions.paper import issue_receipt
from siweb.pensions.tables.pension_application import ApplicationState, PensionApplication
from siweb.registry.change_contact import Contact, change_contact
from siweb.registry.person_keys import is_of
from siweb.registry.tables.person import Person
from siweb.rules.calendar.deadlines import compute_deadline
from siweb.rules.errors import Refusal
from siweb.rules.parameters.pack_set import PackSet
from siweb.wizard.answers import hand_in, resume_draft
from siweb.wizard.draft import Draft
from siweb.wizard.progress import Progress

SUBJECT = "pension_application"


class ApplicationRefused(Refusal):
    """When somebody cannot apply now: an obstacle, "no_months", "waiting"; "closed" to withdraw."""


def may_apply(
    able: Eligibility, counted: Counted, waiting: PensionApplication | None
) -> str | None:
    """Return what stands against applying now, or None."""
    if able.obstacle is not None:
        return able.obstacle
    if waiting is not None:
        return "waiting"
    return None if counted.months else "no_months"


def waiting_application(session: Session, person_id: int) -> PensionApplication | None:
    """Return a person's application that waits for its decision."""
    return session.scalar(
        select(PensionApplication).where(
            is_of(PensionApplication.person_id, person_id),
            PensionApplication.state == ApplicationState.SENT,
        )
    )


def start_application(session: Session, account_id: int, *, at: datetime) -> Draft:
    """Return the account's open answers, or new ones."""
    return resume_draft(session, DEFINITION.name, SUBJECT, account_id=account_id, at=at)


def apply_for_pension(
    session: Session, state: Progress, *, actor: Actor, at: datetime, secret: str
) -> PensionApplication | None:
    """Return the application of checked answers, with its receipt; None when it was sent before.

    :raises ApplicationRefused: when something stands against it by now.
    """
    facts: ApplicationFacts = state.facts
    person, packs, on = facts.person, facts.packs, facts.on
    # Two windows of one person wait for each other here.
    session.get_one(Person, person.id, with_for_update={"of": Person})
    if not hand_in(session, facts.draft, at=at):
        return None
    able = eligibility(person, drawing_of(session, person), packs, on=on)
    counted = count_of(session, person)
    if (code := may_apply(able, counted, waiting_application(session, person.id))) is not None:
        raise ApplicationRefused(code)
    answers = {name: form.values() for name, form in state.forms.items()}
    from_month = answers["month"]["from_month"]
    # Asked of nobody whose place is clear without it.
    household = answers.get("household", {}).get("household")
    application = PensionApplication(
        reference=new_reference(),
        person_id=person.id,
        region_code=person.region_code,
        state=ApplicationState.SENT,
        from_month=from_month,
        bank_name=answers["bank"]["bank_name"],
        bank_card=answers["bank"]["bank_card"],
        address=answers["delivery"]["address"],
        applied_at=at,
        decide_by=last_day(packs, person.region_code, on),
        estimate=work_out(
            person, counted, from_month, packs=packs, on=on, by_hand=ByHand(household=household)
        ).as_dict(),
    )
    _keep(session, application)
    change_contact(session, person, Contact(**answers["delivery"]), actor=actor, at=at)
    issue_receipt(session, application, person, on=on, actor=actor, at=at, secret=secret)
    note(session, "pension.applied", application, actor, at)
    notify(
        session,
        PENSION_APPLIED,
        person.id,
        region_code=application.region_code,
        subject=(SUBJECT, application.id),
        until_on=application.decide_by,
        at=at,
    )
    return application


def last_day(packs: PackSet, region_code: str, on: date) -> date:
    """Return the last day on which an application of a day is decided."""
    period = decision_period(packs, region_code, on)
    return compute_deadline(on, period, packs.calendar(as_of=on)).moved_to


def withdraw(
    session: Session, application: PensionApplication, *, actor: Actor, at: datetime
) -> None:
    """End an application that its sender no longer wants decided; twice is once.

    :raises ApplicationRefused: "closed" when it was decided before.
    """
    # A decision that is made meanwhile comes before or after, never within.
    session.refresh(application, with_for_update=True)
    if application.state is ApplicationState.WITHDRAWN:
        return
    if application.state is not ApplicationState.SENT:
        raise ApplicationRefused("closed")
    application.state, application.withdrawn_at = ApplicationState.WITHDRAWN, at
    session.flush()
    note(session, "pension.withdrawn", application, actor, at)


def note(
    session: Session, action: str, application: PensionApplication, actor: Actor, at: datetime
) -> None:
    """Write a line of the activity log about an application: its number, month and amount."""
    record_activity(
        session,
        action,
        actor=actor,
        at=at,
        subject=(SUBJECT, application.id),
        person_id=application.person_id,
        facts={
            "reference": application.reference,
            "from_month": application.from_month,
            "monthly_fen": application.monthly_fen,
        },
    )


def _keep(session: Session, application: PensionApplication) -> None:
    try:
        with session.begin_nested():
            session.add(application)
    except IntegrityError as error:
        raise ApplicationRefused("waiting") from error
