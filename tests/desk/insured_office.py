"""Somebody whose month was billed, and the forms that correct their record and identity."""

from datetime import date

from siweb.registry.tables.declared_base import DeclaredBase
from tests import factories
from tests.factories import AT
from tests.levies import BEIJING, MONTH, levy


class InsuredOffice:
    """What `tests.desk.test_once.Office` makes of a person whose month was billed."""

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
            "paper": "户口簿", "paper_number": "3", "paper_on": "2026-11-01",
        }  # fmt: skip
        return page, f"{page}/correct", typed

    def join(self):
        """Somebody whose month was billed, and who is registered once more."""
        former, _employer = self.insured()
        person = factories.make_person(self.session, region_code=BEIJING)
        page = f"/desk/merging/{person.id}"
        typed = {
            "id_number": former.id_number, "difference": "", "paper": "同一人证明",
            "paper_number": "9", "paper_on": "2026-11-01",
        }  # fmt: skip
        return page, f"{page}/join", typed

    def correct(self):
        person, employer = self.insured()
        page = f"/desk/corrections/{person.id}"
        typed = {
            "kind": "base", "region": BEIJING, "first_month": MONTH, "last_month": MONTH,
            "insurances": "pension", "employer": employer.uscc, "base": "9500", "fault": "payer",
            "due_on": "2026-12-15", "paper": "工资条", "paper_number": "8", "paper_on": "2026-11-01",
            "words": "缴费基数已更正",
        }  # fmt: skip
        return page, f"{page}/record", typed
