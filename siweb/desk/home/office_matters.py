"""What a task is called in the list that is nobody's in the register: the office's own matters."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from siweb.bring_in.actions import ACTIONS as FILES
from siweb.collection.tables.bank_account import BankAccount
from siweb.collection.tables.bank_statement import BankStatement
from siweb.collection.tables.payment import Payment
from siweb.desk.levy.actions import ADJUST
from siweb.desk.payments.actions import REFUND
from siweb.desk.payments.payouts.actions import RELEASE
from siweb.desk.staff.agencies.actions import AGENCY_INSURANCES
from siweb.desk.staff.parameters.actions import PUT_IN_FORCE
from siweb.desk.staff.programs.actions import GIVE_PROGRAM
from siweb.desk.statements.actions import ACCOUNT, IMPORT, WITHDRAW
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.region import Region
from siweb.signs.actions import TAKE_IN
from siweb.tasks.tables.task import Task

_ACCOUNT = BankAccount.bank + " · " + BankAccount.number


def name_of_task() -> ColumnElement[Any]:
    """Return the name in a question for tasks: what is nobody's is named by what it is about.

    Read from what the task would change, so that a page of the list stays one statement. What is
    about a region as a whole bears the region's name, which nobody has to translate.
    """
    return case(
        (Task.kind == GIVE_PROGRAM.kind, _given("office") + " · " + _given("program")),
        (Task.kind == ACCOUNT.kind, _given("bank") + " · " + _given("number")),
        (Task.kind == TAKE_IN.kind, _given("source")),
        (Task.kind.in_([each.kind for each in FILES.values()]), _given("file_name")),
        # Who paid may be in no register: then the bank's word for them is all there is.
        (
            and_(Task.kind == REFUND.kind, Task.employer_id.is_(None)),
            _read(Payment, Payment.payer_name, "payment_id"),
        ),
        (
            Task.kind.in_([IMPORT.kind, WITHDRAW.kind]),
            _read(BankStatement, BankStatement.file_name, "statement_id"),
        ),
        (Task.kind == AGENCY_INSURANCES.kind, _read(Agency, Agency.name_zh, "agency_id")),
        # Of several files of a region each goes out of an account of its own.
        (Task.kind == RELEASE.kind, _read(BankAccount, _ACCOUNT, "account_id")),
        # Adjustments of a region differ by their months.
        (Task.kind == ADJUST.kind, _region() + " · " + _months()),
        # The country's own pack lies in no region, and has a name of its own.
        (Task.kind == PUT_IN_FORCE.kind, func.coalesce(_region(), _given("region"))),
        (and_(Task.person_id.is_(None), Task.employer_id.is_(None)), _region()),
    )


def _region() -> Any:
    found = select(Region.name_zh).where(Region.code == Task.region_code)
    return found.correlate(Task).scalar_subquery()


def _months() -> Any:
    return _given("first_month") + "–" + _given("last_month")


def _given(name: str) -> Any:
    return Task.change[name].as_string()


def _read(model: Any, column: Any, key: str) -> Any:
    asked = select(column).where(model.id == Task.change[key].as_integer())
    return asked.correlate(Task).scalar_subquery()
