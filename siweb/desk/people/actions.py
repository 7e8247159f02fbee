"""Accounts that come or go, a death, payments to heirs: made by one and checked by another."""

from dataclasses import replace
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.credentials.end_access import end_access_of
from siweb.auth.helping.end import end_help_of_dead
from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.auth.tables.sign_in_session import EndReason
from siweb.collection.payouts.order import order_payout
from siweb.collection.payouts.refusal import PayoutRefused
from siweb.collection.tables.payout import PayoutKind
from siweb.desk.payments.payouts.labels import REFUSALS as PAYOUTS
from siweb.desk.people.labels import REFUSALS
from siweb.desk.subjects import of_person
from siweb.ledgers.account.close import AccountRefused, account_balance, pay_out_to_heirs
from siweb.ledgers.account.transfer import Brought, bring_in, send_out
from siweb.ledgers.benefits.hold import hold_months
from siweb.ledgers.benefits.months import benefits_of
from siweb.messages.kinds.registration import DEATH_WITHDRAWN
from siweb.messages.kinds.transfers import ACCOUNT_BROUGHT_IN, ACCOUNT_SENT_OUT
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import notify
from siweb.registry.codes import Insurance
from siweb.registry.person_keys import all_keys
from siweb.registry.register_death import DeathRefused, register_death, take_back_death
from siweb.registry.tables.benefit import BenefitState
from siweb.registry.tables.person import Person
from siweb.tasks.find import was_done
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import day, month_range, yuan

# What of a benefit was held back and went to heirs: the reviews' own action.
_HELD_TO_HEIRS = "benefit.held_to_heirs"


def _person_of(task: Task) -> int:
    return int(task.change["person_id"])


def _page(task: Task) -> str:
    return url_for("people_desk.show_person", person_id=_person_of(task))


def _about(session: Session, task: Task) -> Subject:
    found = of_person(session, _person_of(task))
    return found or Subject(frozenset(), frozenset({_person_of(task)}))


def _about_account(session: Session, task: Task) -> Subject:
    return replace(_about(session, task), insurances=frozenset({Insurance.PENSION}))


def _brought(task: Task) -> Brought:
    given = task.change
    return Brought(
        given["other_region"],
        given["from_month"],
        given["through_month"],
        given["months"],
        given["amount_fen"],
    )


def _balance(session: Session, task: Task) -> int:
    return account_balance(session, _person_of(task))


def _would_bring(session: Session, task: Task) -> list[Difference]:
    brought, before = _brought(task), account_balance(session, _person_of(task))
    months = month_range(brought.from_month, brought.through_month)
    after = yuan(before + brought.amount_fen)
    return [
        *_while_open(task, Difference(_("Balance of the individual account"), yuan(before), after)),
        Difference(
            _("Amount from %(region)s", region=brought.other_region), "—", yuan(brought.amount_fen)
        ),
        Difference(_("Months from %(region)s", region=brought.other_region), "—", months),
    ]


def _bring(session: Session, task: Task, doing: Doing) -> None:
    bring_in(session, _person_of(task), _brought(task), on=doing.on, actor=doing.actor, at=doing.at)
    _tell(session, ACCOUNT_BROUGHT_IN, task, doing)


def _would_send(session: Session, task: Task) -> list[Difference]:
    balance, region = account_balance(session, _person_of(task)), task.change["to_region"]
    emptied = Difference(_("Balance of the individual account"), yuan(balance), yuan(0))
    return [*_while_open(task, emptied), Difference(_("To which region"), "—", region)]


def _send(session: Session, task: Task, doing: Doing) -> None:
    send_out(
        session,
        _person_of(task),
        task.change["to_region"],
        packs=doing.packs,
        on=doing.on,
        actor=doing.actor,
        at=doing.at,
    )
    _tell(session, ACCOUNT_SENT_OUT, task, doing)


def _tell(session: Session, kind: MessageKind, task: Task, doing: Doing) -> None:
    person_id, about = _person_of(task), ("task", task.reference)
    region = session.get_one(Person, person_id).region_code
    notify(session, kind, person_id, region_code=region, subject=about, at=doing.at)


def _would_die(session: Session, task: Task) -> list[Difference]:
    person = session.get_one(Person, _person_of(task))
    return [Difference(_("Died on"), "—", f"{person.name} · {day(_died_on(task))}")]


def _died_on(task: Task) -> date:
    return date.fromisoformat(task.change["died_on"])


def _die(session: Session, task: Task, doing: Doing) -> None:
    person_id = _person_of(task)
    # What is held back up to the month of death is the heirs'; not every month is kept by now.
    suspended = [
        benefit.id
        for benefit in benefits_of(session, person_id)
        if benefit.state is BenefitState.SUSPENDED
    ]
    hold_months(session, on=_died_on(task), at=doing.at, benefits=suspended)
    register_death(session, person_id, _died_on(task), on=doing.on, actor=doing.actor, at=doing.at)
    end_access_of(session, person_id, reason=EndReason.DIED, at=doing.at)
    end_help_of_dead(session, person_id, actor=doing.actor, at=doing.at)


def _would_live(session: Session, task: Task) -> list[Difference]:
    """Return whom it is about as they were registered when it was sent."""
    person, given = session.get_one(Person, _person_of(task)), task.change
    lines = [Difference(_("Died on"), f"{person.name} · {day(_died_on(task))}", "—")]
    if given["enrolments"]:
        lines.append(Difference(_("Insurances that go on"), "—", str(given["enrolments"])))
    if given["benefits"]:
        lines.append(Difference(_("Benefits that go on"), "—", str(given["benefits"])))
    return lines


def _let_live(session: Session, task: Task, doing: Doing) -> None:
    """Take a death back, while nothing was paid to heirs.

    :raises DeathRefused: "not_dead", "inherited", "insured_elsewhere".
    """
    live_again(session, _person_of(task), doing)


def live_again(session: Session, person_id: int, doing: Doing) -> tuple[int, int]:
    """Return how many enrolments and benefits go on of somebody who is alive after all.

    :raises DeathRefused: "not_dead", "inherited", "insured_elsewhere".
    """
    # The account is closed by then, and no deed opens it again with what was in it.
    if any(
        was_done(session, f"person:{key}", kind)
        for key in all_keys(session, person_id)
        for kind in (HEIRS.kind, _HELD_TO_HEIRS)
    ):
        raise DeathRefused("inherited")
    done = take_back_death(session, person_id, actor=doing.actor, at=doing.at)
    region = session.get_one(Person, person_id).region_code
    about = ("death_withdrawn", person_id)
    notify(session, DEATH_WITHDRAWN, person_id, region_code=region, subject=about, at=doing.at)
    return done


def _would_pay(session: Session, task: Task) -> list[Difference]:
    balance = account_balance(session, _person_of(task))
    emptied = Difference(_("Balance of the individual account"), yuan(balance), yuan(0))
    return _while_open(task, emptied)


def _while_open(task: Task, balance: Difference) -> list[Difference]:
    """Return a line about the account as it stands: once the task is closed it says nothing."""
    return [balance] if task.closed_at is None else []


def _pay(session: Session, task: Task, doing: Doing) -> None:
    person = session.get_one(Person, _person_of(task))
    fen = pay_out_to_heirs(
        session, person.id, packs=doing.packs, on=doing.on, actor=doing.actor, at=doing.at
    )
    # Whose account it goes to is named by two people, from the paper of the succession.
    order_payout(
        session,
        PayoutKind.HEIRS,
        f"task:{task.reference}",
        fen,
        region_code=person.region_code,
        person_id=person.id,
        actor=doing.actor,
        at=doing.at,
    )


BRING_IN = TwoPersonAction(
    "account.bring_in",
    _l("Accept a transfer from another region"),
    Function.FINANCE,
    _would_bring,
    _about_account,
    _bring,
    {AccountRefused: REFUSALS},
    _page,
    lambda _session, task: int(task.change["amount_fen"]),
)
SEND_OUT = TwoPersonAction(
    "account.send_out",
    _l("Transfer the account to another region"),
    Function.FINANCE,
    _would_send,
    _about_account,
    _send,
    {AccountRefused: REFUSALS},
    _page,
    _balance,
)
DEATH = TwoPersonAction(
    "person.death",
    _l("Register a death"),
    Function.REGISTRATION,
    _would_die,
    _about,
    _die,
    {DeathRefused: REFUSALS},
    _page,
)
TAKE_BACK_DEATH = TwoPersonAction(
    "person.death_taken_back",
    _l("Take a death back"),
    Function.REGISTRATION,
    _would_live,
    _about,
    _let_live,
    {DeathRefused: REFUSALS},
    _page,
)
HEIRS = TwoPersonAction(
    "account.heirs",
    _l("Pay the account to the heirs"),
    Function.FINANCE,
    _would_pay,
    _about_account,
    _pay,
    {AccountRefused: REFUSALS, PayoutRefused: PAYOUTS},
    _page,
    _balance,
)
