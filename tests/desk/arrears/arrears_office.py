"""A bill in arrears, and the forms that say what follows."""

from datetime import date

from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.collection.arrears.daily import count_arrears_day
from siweb.collection.arrears.write_off import Grounds, open_lines, write_off
from siweb.collection.tables.arrears import Arrears, WriteOffCause
from siweb.collection.tables.bill import Bill
from siweb.registry.packs.in_force import packs_in_force
from tests.bills import make_levy_run
from tests.conftest import NOW
from tests.factories import AT
from tests.papers import paper
from tests.reviews.begin.make_reopening import make_task


class ArrearsOffice:
    """What `tests.desk.tasks.test_once.Office` makes of a bill that was not paid."""

    def arrears(self):
        self.bill(run=make_levy_run(self.session, "2026-06"))
        count_arrears_day(
            self.session, on=date(2026, 7, 16), at=AT, packs=packs_in_force(self.session)
        )
        found = self.session.scalars(select(Arrears)).one()
        return f"/desk/arrears/{found.id}"

    def note_notice(self):
        page = self.arrears()
        return page, f"{page}/notice", {"notice-received_on": "2026-11-20"}

    def defer_one(self):
        page = self.arrears()
        typed = {
            "defer-until": "2027-01-31", "defer-legal_basis": "社会保险法第六十条",
            "defer-decided_by": "省厅", **paper("defer-paper", on="2026-11-20"),
        }  # fmt: skip
        return page, f"{page}/defer", typed

    def plan(self):
        page = self.arrears()
        typed = {
            "plan-count": "3", "plan-first_on": "2027-01-31", "plan-legal_basis": "社会保险法",
            "plan-decided_by": "征收机构", **paper("plan-paper", on="2026-11-20"),
        }  # fmt: skip
        return page, f"{page}/plan", typed

    def write_off_one(self):
        page = f"{self.arrears()}/write-off"
        typed = {
            "off-cause": "bankruptcy", "off-legal_basis": "企业破产法第一百二十条",
            "off-decided_by": "市人社局",
            **paper("off-paper", kind="judgment", on="2026-11-20"),
            **paper("off-approval", kind="decision", on="2026-11-20"),
        }  # fmt: skip
        return page, page, typed

    def reinstate_one(self):
        """What two people wrote off."""
        page = self.arrears()
        found = self.session.scalars(select(Arrears)).one()
        task = make_task(self.session, "OFF1", "arrears.write_off")
        write_off(
            self.session, found, open_lines(self.session, self.session.get_one(Bill, found.bill_id)),
            Grounds(WriteOffCause.BANKRUPTCY, "破产法", "市人社局"), task_id=task.id,
            packs=packs_in_force(self.session), actor=SYSTEM, on=NOW.date(), at=NOW,
        )  # fmt: skip
        typed = paper("again-paper", kind="bank_slip", on="2026-11-20")
        return f"{page}/write-off", f"{page}/reinstate", typed
