"""The forms by which what was drawn, or brought into an account, is set right."""

from datetime import date

from sqlalchemy import select

from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.registry.tables.benefit import BenefitKind, BenefitWithdrawal, LifeSign
from siweb.tasks.tables.task import Task, TaskState
from tests import factories
from tests.bills import PACK_REGION
from tests.conftest import NOW
from tests.papers import paper
from tests.signs.made import make_benefit


def make_withdrawal(session, benefit, from_month="2026-06", **values):
    """A withdrawal that two people decided, with the task by which they did."""
    accounts = [factories.make_account(session, factories.make_person(session)) for _ in range(2)]
    task = Task(
        reference=f"WD-{benefit.id}", kind="benefit.withdraw", function="review",
        subject=f"benefit:{benefit.id}", person_id=benefit.person_id, because="核查决定1号",
        change={
            "benefit_id": benefit.id, "person_id": benefit.person_id, "from_month": from_month,
            "paid_fen": 0,
        },
        due_on=NOW.date(), state=TaskState.DONE, made_by_account_id=accounts[0].id, made_at=NOW,
        checked_by_account_id=accounts[1].id, closed_at=NOW,
    )  # fmt: skip
    session.add(task)
    session.flush()
    withdrawal = BenefitWithdrawal(
        benefit_id=benefit.id, from_month=from_month, decided_at=NOW, task_id=task.id, **values
    )
    session.add(withdrawal)
    session.flush()
    return withdrawal


def make_paid(session, benefit, *months):
    """Months of a benefit that the paying side paid."""
    for month in months:
        session.add(
            BenefitEntry(
                region_code=benefit.region_code, month=month, person_id=benefit.person_id,
                benefit=BenefitKind.PENSION, kind=BenefitEntryKind.PAID, sequence=0,
                amount_fen=benefit.monthly_fen, paid_on=date.fromisoformat(f"{month}-15"),
                recorded_at=NOW,
            )
        )  # fmt: skip
    session.flush()


class CorrectingOffice:
    """What each of these forms is about: its page, its address and what is typed."""

    def __init__(self, session, folder):
        self.session, self.folder = session, folder

    def drawing(self):
        """Somebody with a pension."""
        factories.make_region(self.session, PACK_REGION)
        person = factories.make_person(self.session, region_code=PACK_REGION)
        return person, make_benefit(self.session, person)

    def withdraw_one(self):
        person, benefit = self.drawing()
        make_paid(self.session, benefit, "2026-05", "2026-06", "2026-07")
        page = f"/desk/benefits/people/{person.id}"
        typed = {
            "withdraw-benefit": str(benefit.id), "withdraw-from_month": "2026-06",
            **paper("withdraw-because", "核查决定1号", kind="decision"),
        }  # fmt: skip
        return f"{page}/set-right", f"{page}/withdraw", typed

    def begin_one_again(self):
        person, benefit = self.drawing()
        make_withdrawal(self.session, benefit)
        page = f"/desk/benefits/people/{person.id}"
        typed = {
            "begin-benefit": str(benefit.id), "begin-from_month": "2026-06",
            **paper("begin-because", "复核决定2号", kind="decision"),
        }  # fmt: skip
        return f"{page}/set-right", f"{page}/begin-again", typed

    def take_sign_back(self):
        person, _benefit = self.drawing()
        sign = LifeSign(person_id=person.id, seen_on=date(2026, 11, 1), source="medical")
        self.session.add(sign)
        self.session.flush()
        page = f"/desk/benefits/people/{person.id}"
        typed = {
            "sign-sign": str(sign.id), **paper("sign-because", "医院函3号", kind="letter"),
        }  # fmt: skip
        return f"{page}/set-right", f"{page}/life-sign", typed

    def set_entry_right(self):
        factories.make_region(self.session, PACK_REGION)
        person = factories.make_person(self.session, region_code=PACK_REGION)
        self.session.add(
            AccountEntry(
                person_id=person.id, region_code=PACK_REGION, year=2025, kind=EntryKind.OPENING,
                amount_fen=5_000_000, posted_on=date(2025, 1, 1),
            )
        )  # fmt: skip
        self.session.flush()
        number = self.session.scalar(
            select(AccountEntry.entry_number).where(AccountEntry.person_id == person.id)
        )
        page = f"/desk/people/{person.id}/account/set-right"
        typed = {
            "entry": f"{person.id}-{number}", "right": "45000.00",
            **paper("because", "原系统清单5号", kind="letter"),
        }  # fmt: skip
        return page, page, typed
