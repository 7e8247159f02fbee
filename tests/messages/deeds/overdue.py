"""What is done about a bill that was not paid in time."""

from typing import Any

from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.collection.arrears.daily import count_arrears_day
from siweb.collection.arrears.write_off import Grounds, open_lines, reinstate, write_off
from siweb.collection.tables.arrears import Arrears, WriteOffCause
from siweb.collection.tables.bill import Bill
from siweb.messages.kinds.bills import BILL_OVERDUE, BILL_REINSTATED, BILL_WRITTEN_OFF
from siweb.messages.kinds.registration import MONTHS_WRITTEN_OFF
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from tests import bills
from tests.conftest import NOW
from tests.reviews.begin.make_reopening import make_task

TODAY = NOW.date()


def let_it_run_late(office: Any) -> Employer:
    bills.make_bill(office.session, [office.person], employer=office.employer)
    packs = packs_in_force(office.session)
    count_arrears_day(office.session, packs=packs, on=TODAY, at=NOW)
    return office.employer


def give_up(office: Any) -> Employer:
    let_it_run_late(office)
    session = office.session
    found = session.scalars(select(Arrears)).one()
    task = make_task(session, "OFF1", "arrears.write_off")
    write_off(
        session,
        found,
        open_lines(session, session.get_one(Bill, found.bill_id)),
        Grounds(WriteOffCause.BANKRUPTCY, "企业破产法第一百二十条", "市人力资源和社会保障局"),
        task_id=task.id,
        packs=packs_in_force(session),
        actor=SYSTEM,
        on=TODAY,
        at=NOW,
    )
    return office.employer


def give_up_months(office: Any) -> Person:
    give_up(office)
    return office.person


def take_up_again(office: Any) -> Employer:
    employer = give_up(office)
    found = office.session.scalars(select(Arrears)).one()
    task = make_task(office.session, "AGAIN1", "arrears.reinstate")
    reinstate(office.session, found, task_id=task.id, actor=SYSTEM, on=TODAY, at=NOW)
    return employer


OVERDUE = {
    BILL_OVERDUE: (let_it_run_late,),
    BILL_WRITTEN_OFF: (give_up,),
    BILL_REINSTATED: (take_up_again,),
    MONTHS_WRITTEN_OFF: (give_up_months,),
}
