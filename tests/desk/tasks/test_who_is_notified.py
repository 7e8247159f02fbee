"""Every action of two people, and each form that one decides, tells whom it matters to.

Or it says why nobody is told. The forms come from the walk of two people; what each really tells
is held to what is declared.
"""

import sys

import pytest
from sqlalchemy import select

from siweb.desk.tasks.actions import ACTIONS
from siweb.desk.tasks.notified import ALONE_NOTIFIES, NOTIFIES, Unnotified
from siweb.desk.tasks.two_people import BY_ONE, BY_TWO, Alone
from siweb.messages.kinds.by_name import KINDS
from siweb.messages.tables.message import Message
from siweb.tasks.tables.task import Task, TaskState
from tests import factories
from tests.desk.tasks.test_two_person_walk import WALKED, browser, insured, now, send
from tests.desk.tasks.two_person_forms import Forms

__all__ = ["browser", "insured", "now"]
# Why one person is enough for them says as well that nothing is decided about anybody.
DECIDES_NOTHING = {
    Alone.ONLY_READS, Alone.IS_THE_CHECK, Alone.ANOTHER_DECIDES, Alone.SAYS_WHO,
    Alone.TELLS_COLLEAGUES, Alone.KEEPS_OUT, Alone.WITHIN_THE_BOOKS,
}  # fmt: skip


# Money that nobody was found for; whose it is known to be is told in tests/messages.
NOBODYS = {"payment_desk.pay_back", "payout_desk.name_one"}


def names(told):
    return set() if isinstance(told, Unnotified) else {kind.name for kind in told}


def unclassified():
    """The actions and forms of which nobody said whom they tell, and what is none of them."""
    deciding = {form for form, why in BY_ONE.items() if why not in DECIDES_NOTHING}
    return {
        *set(ACTIONS).symmetric_difference(NOTIFIES),
        *(deciding - set(ALONE_NOTIFIES)),
        *(set(ALONE_NOTIFIES) - set(BY_ONE)),
    }


def test_every_action_and_form_says_whom_it_tells():
    assert unclassified() == set()
    for told in (*NOTIFIES.values(), *ALONE_NOTIFIES.values()):
        assert isinstance(told, Unnotified) or names(told)
        assert names(told) <= set(KINDS)


def test_the_walk_notices_what_nobody_classified(monkeypatch):
    here = sys.modules[__name__]
    monkeypatch.setattr(here, "NOTIFIES", {**NOTIFIES} | {"another": Unnotified.NOTIFIED_LATER})
    assert unclassified() == {"another"}
    left_out = {form: told for form, told in ALONE_NOTIFIES.items() if form != "hire_reports.drop"}
    monkeypatch.setattr(here, "ALONE_NOTIFIES", left_out)
    assert unclassified() == {"another", "hire_reports.drop"}


@pytest.mark.parametrize("endpoint", WALKED)
def test_it_tells_what_it_says_and_nothing_else(insured, browser, session, tmp_path, endpoint):
    _page, address, typed = getattr(Forms(session, tmp_path), endpoint.partition(".")[2])()
    session.commit()
    asked = select(Message.kind, Message.subject, Message.reader_id, Message.notified_on)
    before = set(map(tuple, session.execute(asked)))
    maker, checker = (browser(factories.make_person(session)) for _each in range(2))
    assert send(maker, address, typed, "k").status_code in {200, 303}
    waiting = session.scalars(select(Task).where(Task.state == TaskState.OPEN)).one()

    checker.post(f"/desk/tasks/{waiting.reference}/approve")

    session.expire_all()
    assert waiting.state is TaskState.DONE
    told = {row[0] for row in {*map(tuple, session.execute(asked))} - before}
    declared = NOTIFIES[BY_TWO[endpoint].kind]
    assert told <= names(declared)
    assert bool(told) != (isinstance(declared, Unnotified) or endpoint in NOBODYS)
