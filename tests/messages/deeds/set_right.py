"""What was drawn or brought in wrongly and is set right, by the message that it leads to."""

from datetime import date
from typing import Any

from siweb.audit.actor import SYSTEM
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
    SIGN_TAKEN_BACK,
)
from siweb.pensions.withdrawal.withdraw import begin_again
from siweb.registry.tables.benefit import LifeSign
from siweb.registry.tables.person import Person
from tests import factories
from tests.conftest import NOW
from tests.desk.tasks.correcting_forms import make_withdrawal
from tests.messages.deeds.done_by_two import do_by_two
from tests.signs.made import make_benefit


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
    SIGN_TAKEN_BACK: (take_a_sign_back,),
    ACCOUNT_SET_RIGHT: (set_an_account_right,),
}
