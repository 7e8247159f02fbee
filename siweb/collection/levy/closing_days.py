"""Until when those who pay by the quarter or the year may pay a month: its period's closing day."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from siweb.collection.levy.start import due_day
from siweb.collection.payments.rhythm.choice import people_who_pay
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.levy_run import LevyKind, LevyRun
from siweb.rules.calendar.pay_periods import Every, months_paid_together
from siweb.rules.parameters.pack_set import PackSet


def set_closing_days(session: Session, run: LevyRun, packs: PackSet) -> None:
    """Give the bills of a run the closing day that their payers chose; before they are issued.

    An adjustment has the day of its notice, whoever pays it.
    """
    if run.kind is not LevyKind.REGULAR:
        return
    for every in (Every.QUARTER, Every.YEAR):
        last_month = months_paid_together(run.contribution_month, every)[-1]
        closing = due_day(packs, run.region_code, last_month, on=run.as_of)
        session.execute(
            update(Bill)
            .where(
                Bill.levy_run_id == run.id,
                Bill.person_id.in_(people_who_pay(every)),
                # A late levy's own day is never made an earlier one.
                Bill.due_on < closing,
            )
            .values(due_on=closing)
            .execution_options(synchronize_session=False)
        )
