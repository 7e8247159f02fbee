"""Somebody whose month was billed, and the forms that correct their record and identity."""

from datetime import date

from siweb.audit.actor import SYSTEM
from siweb.collection.corrections.merging.merge import join_registrations
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.registry.tables.benefit import BenefitKind, BenefitState
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.reviews.tables.sign import SignKind
from tests import factories
from tests.conftest import NOW
from tests.factories import AT
from tests.levies import BEIJING, MONTH, levy
from tests.papers import paper
from tests.signs.made import make_benefit, make_list, make_sign, make_stopped


class InsuredOffice:
    """What `tests.desk.tasks.test_once.Office` makes of a person whose month was billed."""

    def insured(self):
        """Somebody whose month was billed to an employer."""
        factories.make_region(self.session, BEIJING)
        person = factories.make_person(self.session, region_code=BEIJING)
        employer = factories.make_employer(self.session, region_code=BEIJING)
        factories.make_enrolment(
            self.session, person, employer=employer, region_code=BEIJING, from_month="2026-01"
        )
        self.session.add(
            DeclaredBase(
                person_id=person.id, employer_id=employer.id, region_code=BEIJING, from_month="2026-01",
                declared_base_fen=900_000, origin="yearly", declared_at=AT,
            )
        )  # fmt: skip
        self.session.flush()
        levy(self.session)
        return person, employer

    def correct_identity(self):
        """Somebody whose birth date and number were entered wrongly."""
        factories.make_region(self.session, BEIJING)
        person = factories.make_person(self.session, region_code=BEIJING)
        page = f"/desk/identity/{person.id}"
        typed = {
            "name": person.name, "sex": "M", "born_on": "1985-03-06", "basis": "mistaken",
            "id_number": factories.make_id_number(date(1985, 3, 6), serial=8001),
            **paper("paper", "3", on="2026-11-01"),
        }  # fmt: skip
        return page, f"{page}/correct", typed

    def join(self):
        """Somebody whose month was billed, and who is registered once more."""
        former, _employer = self.insured()
        person = factories.make_person(self.session, region_code=BEIJING)
        page = f"/desk/merging/{person.id}"
        typed = {
            "id_number": former.id_number, **paper("paper", "9", on="2026-11-01"),
        }  # fmt: skip
        return page, f"{page}/join", typed

    def separate(self):
        """Somebody whose month was billed, and who was joined with another by mistake."""
        former, _employer = self.insured()
        person = factories.make_person(self.session, region_code=BEIJING)
        join_registrations(
            self.session, former.id, person.id, is_difference_proved=True, task_id=None,
            actor=SYSTEM, on=NOW.date(), at=NOW,
        )  # fmt: skip
        page = f"/desk/merging/{former.id}/separate"
        return page, page, paper("paper", "公安证明9号", on="2026-11-01")

    def correct(self):
        person, employer = self.insured()
        page = f"/desk/corrections/{person.id}"
        typed = {
            "kind": "base", "region": BEIJING, "first_month": MONTH, "last_month": MONTH,
            "insurances": "pension", "employer": employer.uscc, "base": "9500", "fault": "payer",
            "due_on": "2026-12-15", **paper("paper", "8", on="2026-11-01"),
            "words": "缴费基数已更正",
        }  # fmt: skip
        return page, f"{page}/record", typed

    def send_list(self):
        """Another office's list with somebody who draws a pension."""
        person = self.recipient()
        text = f"号,日\n{person.id_number},2026-10-03\n"
        page = f"/desk/signs/lists/{make_list(self.session, BEIJING, text, SignKind.DEATH).id}"
        return page, f"{page}/send", paper("paper", "函3号")

    def stop(self):
        page = f"/desk/signs/{make_sign(self.session, self.recipient()).id}"
        return page, f"{page}/stop", paper("stop-because", "判决书1号")

    def let_go_on(self):
        page = f"/desk/signs/{make_stopped(self.session, self.recipient()).id}"
        typed = {"go_on-from_month": "2026-12", **paper("go_on-because", "释放证明书1号")}
        return page, f"{page}/go-on", typed

    def recipient(self):
        factories.make_region(self.session, BEIJING)
        person = factories.make_person(self.session, region_code=BEIJING)
        make_benefit(self.session, person)
        return person

    def pay_heirs(self):
        """Somebody who died while a benefit was suspended."""
        person = self.recipient()
        person.died_on = date(2026, 10, 20)
        make_benefit(self.session, person).state = BenefitState.TERMINATED
        for month in ("2026-09", "2026-10", "2026-11"):
            self.session.add(
                BenefitEntry(
                    region_code=BEIJING, month=month, person_id=person.id, recorded_at=AT,
                    benefit=BenefitKind.PENSION, kind=BenefitEntryKind.HELD, sequence=0,
                    amount_fen=300_000,
                )
            )  # fmt: skip
        page = f"/desk/benefits/people/{person.id}"
        return page, f"{page}/heirs", paper("succession", "公证书")
