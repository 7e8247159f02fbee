"""Begin to insure oneself: enrolments, the base, a receipt; once."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.collection.own_accounts.own_account import name_own_account
from siweb.collection.payments.rhythm import choose_rhythm
from siweb.documents.issue import IssuedDocument
from siweb.flexible.definition import DEFINITION
from siweb.flexible.eligibility import obstacle
from siweb.flexible.facts import JoinFacts
from siweb.flexible.receipt import SUBJECT, HandedIn, give_receipt
from siweb.registry.change_contact import Contact, change_contact
from siweb.registry.claim_enrolments import claim_enrolments
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.search.follow import let_region_find
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.reviews.kinds.base_choice import chosen_base
from siweb.rules.calendar.pay_periods import Every
from siweb.rules.errors import Refusal
from siweb.wizard.answers import hand_in, resume_draft
from siweb.wizard.draft import Draft
from siweb.wizard.progress import Progress


class JoinRefused(Refusal):
    """When somebody cannot begin: "too_young", "pensioner", "insured" by now."""


def start_joining(session: Session, account_id: int, *, at: datetime) -> Draft:
    """Return the account's open beginning, or a new one."""
    return resume_draft(session, DEFINITION.name, SUBJECT, account_id=account_id, at=at)


def join(
    session: Session, state: Progress, *, actor: Actor, at: datetime, secret: str
) -> IssuedDocument | None:
    """Enrol the person of a checked draft from this month on; None when it was sent before.

    :raises JoinRefused: when something stands against it by now.
    """
    facts: JoinFacts = state.facts
    person = facts.person
    # Two windows of one person wait for each other here, before either looks at what is open.
    session.get_one(Person, person.id, with_for_update={"of": Person})
    if (code := obstacle(session, person, on=facts.on)) is not None:
        raise JoinRefused(code)
    if not hand_in(session, facts.draft, at=at):
        return None
    answers = {name: form.values() for name, form in state.forms.items()}
    insurances = [Insurance(each) for each in answers["insurances"]["insurances"]]
    _enrol(session, facts, insurances)
    base_fen = chosen_base(state.forms) if "base" in answers else None
    if base_fen is not None:
        _declare(session, facts, base_fen, at)
    if (bank := answers.get("bank")) and bank["number"]:
        number, name = bank["number"], bank["bank_name"]
        name_own_account(session, person, number, name, actor=actor, at=at)
    change_contact(session, person, Contact(**answers["contact"]), actor=actor, at=at)
    every = Every(answers["pay"]["every"]) if "pay" in answers else None
    if every is not None:
        choose_rhythm(session, person, every, actor=actor, at=at)
    handed_in = HandedIn(
        "joined",
        facts.draft.subject_id,
        facts.region_code,
        insurances,
        facts.from_month,
        base_fen,
        answers["work"]["work"],
        every,
    )
    return give_receipt(session, person, handed_in, actor=actor, at=at, secret=secret)


def _declare(session: Session, facts: JoinFacts, base_fen: int, at: datetime) -> None:
    session.add(
        DeclaredBase(
            person_id=facts.person.id,
            region_code=facts.region_code,
            employer_id=None,
            insurance=None,
            from_month=facts.from_month,
            declared_base_fen=base_fen,
            origin=SUBJECT,
            declared_at=at,
        )
    )


def _enrol(session: Session, facts: JoinFacts, insurances: list[Insurance]) -> None:
    person_id, region_code = facts.person.id, facts.region_code
    # Who stopped in this month and begins again in it has a row of the same month already.
    before = dict(
        session.execute(
            select(Enrolment.insurance, func.max(Enrolment.sequence))
            .where(
                Enrolment.region_code == region_code,
                Enrolment.person_id == person_id,
                Enrolment.from_month == facts.from_month,
                Enrolment.insuring_employer_id == 0,
            )
            .group_by(Enrolment.insurance)
        ).all()
    )
    try:
        with session.begin_nested():
            session.add_all(
                Enrolment(
                    region_code=region_code,
                    person_id=person_id,
                    insurance=insurance,
                    from_month=facts.from_month,
                    sequence=before.get(insurance, -1) + 1,
                    scheme=Scheme.FLEXIBLE,
                )
                for insurance in insurances
            )
            # The database decides: an employer may have begun meanwhile, here or elsewhere.
            claim_enrolments(
                session,
                Enrolment.person_id == person_id,
                Enrolment.region_code == region_code,
                Enrolment.insurance.in_(insurances),
            )
            let_region_find(session, region_code, [person_id])
    except IntegrityError as error:
        raise JoinRefused("insured") from error
