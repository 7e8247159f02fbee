"""What was drawn or brought in wrongly and is set right, by the message that it leads to."""

from datetime import date
from typing import Any

from siweb.audit.actor import SYSTEM, Actor
from siweb.desk.corrections.accounts.actions import CORRECT_ACCOUNT
from siweb.desk.corrections.benefits.actions import (
    TAKE_SIGN_BACK,
    WITHDRAW_BENEFIT,
)
from siweb.ledgers.account.correct import brought_entries
from siweb.ledgers.tables.account_entry import EntryKind
from siweb.messages.kinds.registration import (
    ACCOUNT_SET_RIGHT,
    BENEFIT_BEGINS_AGAIN,
    BENEFIT_WITHDRAWN,
    SIGN_WITHDRAWN,
)
from siweb.pensions.withdrawal.withdraw import begin_again
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import LifeSign
from siweb.registry.tables.person import Person
from siweb.tasks.tables.task import Task, TaskState
from siweb.tasks.two_person_action import Doing, TwoPersonAction
from tests import factories
from tests.conftest import NOW
from tests.desk.corrections.correcting_forms import make_withdrawal
from tests.signs.made import make_benefit


def do_by_two(office: Any, action: TwoPersonAction, change: dict[str, Any]) -> Person:
    """Do an action about the office's person; return the person."""
    session, person = office.session, office.person
    clerks = [factories.make_person(session) for _each in range(2)]
    maker, checker = (factories.make_account(session, each) for each in clerks)
    task = Task(
        reference="T9", kind=action.kind, function=action.function, subject="x:1",
        change={"person_id": person.id, **change}, because="核查决定1号", due_on=NOW.date(),
        state=TaskState.DONE, made_by_account_id=maker.id, made_at=NOW,
        checked_by_account_id=checker.id, closed_at=NOW,
    )  # fmt: skip
    session.add(task)
    session.flush()
    doing = Doing(Actor(checker.id, clerks[1].id), NOW, packs_in_force(session))
    action.do(session, task, doing)
    return person


def withdraw_a_benefit(office: Any) -> Person:
    benefit = make_benefit(office.session, office.person)
    change = {"benefit_id": benefit.id, "from_month": "2026-06", "paid_fen": 0}
    return do_by_two(office, WITHDRAW_BENEFIT, change)


def let_it_begin_again(office: Any) -> Person:
    benefit = make_benefit(office.session, office.person)
    task_id = make_withdrawal(office.session, benefit).task_id
    begin_again(
        office.session, benefit, "2026-06", None, task_id=task_id, on=NOW.date(), actor=SYSTEM,
        at=NOW, secret="s" * 32,
    )  # fmt: skip
    return office.person


def take_a_sign_back(office: Any) -> Person:
    sign = LifeSign(person_id=office.person.id, seen_on=date(2026, 11, 1), source="medical")
    office.session.add(sign)
    office.session.flush()
    return do_by_two(office, TAKE_SIGN_BACK, {"sign_id": sign.id})


def set_an_account_right(office: Any) -> Person:
    session, person = office.session, office.person
    factories.make_account_entry(session, person, 2025, EntryKind.OPENING, 5_000_000)
    [entry] = [each for each in brought_entries(session, person.id) if each.amount_fen == 5_000_000]
    change = {
        "key": entry.key, "kind": entry.kind.value, "year": entry.year, "month": entry.month,
        "shown_fen": entry.amount_fen, "right_fen": 4_500_000,
    }  # fmt: skip
    return do_by_two(office, CORRECT_ACCOUNT, change)


SET_RIGHT = {
    BENEFIT_WITHDRAWN: (withdraw_a_benefit,),
    BENEFIT_BEGINS_AGAIN: (let_it_begin_again,),
    SIGN_WITHDRAWN: (take_a_sign_back,),
    ACCOUNT_SET_RIGHT: (set_an_account_right,),
}
