"""An office with so many people, most of them at one employer; its owner's browser and the desk's."""

from datetime import date

from sqlalchemy import func, insert, select, text

from siweb.app import create_app
from siweb.audit.actor import Actor
from siweb.bench.check import forget_statistics
from siweb.collection.tables.bill import Bill
from siweb.db.statistics import collect_statistics
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance, RetirementCategory, Sex
from siweb.registry.insert_people import insert_people
from siweb.registry.regions.load import load_regions
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.settings import Settings
from tests import factories
from tests.bills import make_levy_run
from tests.conftest import NOW
from tests.office_secrets import SECRETS
from tests.pages.count_work import Work
from tests.pages.deeds_at_scale import Deeds
from tests.sign_in import EVERY_FUNCTION, sign_in

REGION, FIRST = "310000", 1_000_000
# So many people to one who is alone at an employer.
TENTH = 10


class Grown:
    """The office; every deed of its worker and its commands is done, and its work is kept."""

    def __init__(self, folder, url, people, *, with_statistics):
        self.people, self.with_statistics = people, with_statistics
        self.app = create_app(Settings(var_dir=folder, database_url=url, **SECRETS))
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.database = self.app.extensions["siweb_database"]
        with self.database.writers() as session:
            load_regions(session, hosted=(REGION,))
            owner, clerk = self._fill(session)
            self.owner, self.desk = self.app.test_client(), self.app.test_client()
            sign_in(self.owner, session, owner)
            sign_in(self.desk, session, clerk, EVERY_FUNCTION)
            session.commit()
        self.database.engine.dispose()
        self.work = Work(self.database.engine)
        self.deeds = self._do_deeds(folder, owner)
        self.know()
        with self.database.readers() as session:
            bill = session.scalar(
                select(func.max(Bill.id)).where(Bill.employer_id == self.employer_id)
            )
            self.values |= {"number": bill}

    def know(self):
        """Let the database know its tables' sizes, or nothing of them."""
        if self.with_statistics:
            with self.database.writers.begin() as session:
                collect_statistics(session)
        else:
            forget_statistics(self.database.engine)

    def _fill(self, session):
        owner = factories.make_person(session, region_code=REGION)
        clerk = factories.make_person(session, region_code=REGION)
        employer = factories.make_employer(session, region_code=REGION)
        account = factories.make_account(session, owner)
        self.actor = Actor(account.id, owner.id)
        factories.make_mandate(session, account, employer, "owner")
        run = make_levy_run(session, "2026-10", region_code=REGION)
        session.flush()
        ids = range(FIRST, FIRST + self.people)
        others = {
            number: factories.make_employer(session, region_code=REGION) for number in ids[::TENTH]
        }
        session.flush()
        payer = {number: others.get(number, employer) for number in ids}
        insert_people(session, [_person(number) for number in ids])
        rows = {
            Employment: [_employment(number, payer[number]) for number in ids],
            DeclaredBase: [_base(number, payer[number]) for number in ids],
            Enrolment: [
                _enrolment(number, payer[number], one) for number in ids for one in Insurance
            ],
            ContributionRecord: [
                _record(number, payer[number], one, run) for number in ids for one in Insurance
            ],
        }
        for model, given in rows.items():
            session.execute(insert(model), given)
        if session.get_bind().dialect.name == "postgresql":
            # Rows came with numbers of their own.
            session.execute(text("SELECT setval('person_id_seq', 10000000)"))
        self.employer_id = employer.id
        self.values = {
            "uscc": employer.uscc,
            "month": "2026-10",
            "year": 2026,
            "run_id": run.id,
            "person_id": FIRST + 1,
            "employment_id": 2,
            "code": REGION,
        }
        return owner, clerk

    def _do_deeds(self, folder, owner):
        deeds = Deeds(self.database.writers, REGION, self.employer_id, self.actor)
        done = {}
        for name, deed in deeds.by_name().items():
            self.know()
            before = self.work.done
            deed(folder, self.people)
            done[name] = self.work.done - before
        return done

    def addresses(self):
        """Return the pages by the addresses of their rules, where what they ask for is there."""
        found = {}
        for rule in self.app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.arguments <= set(self.values):
                _host, address = rule.build(self.values, append_unknown=False)
                found[rule.rule] = address
        return found

    def work_of(self, browser, address):
        """Ask twice, since the first answer prepares what later ones find; return the second's.

        Return None where this browser is shown no such page.
        """
        if browser.get(address).status_code != 200:
            return None
        before = self.work.done
        answer = browser.get(address)
        answer.get_data()
        assert answer.status_code == 200, address
        return self.work.done - before


def _person(number):
    return {
        "id": number,
        "id_number": factories.make_id_number(),
        "name": f"王{chr(0x4E00 + number % 5_000)}",
        "sex": Sex.FEMALE,
        "born_on": date(1990, 1, 1),
        "region_code": REGION,
        "retirement_category": RetirementCategory.FEMALE_50,
        "deemed_months": 0,
        "registered_at": NOW,
    }


def _employment(number, employer):
    return {
        "person_id": number,
        "employer_id": employer.id,
        "hired_on": date(2024, 1, 8),
        "registered_at": NOW,
    }


def _base(number, employer):
    return {
        "person_id": number,
        "region_code": REGION,
        "employer_id": employer.id,
        "from_month": "2026-01",
        "base_number": 0,
        "declared_base_fen": 800_000,
        "origin": "yearly",
        "declared_at": NOW,
    }


def _enrolment(number, employer, insurance):
    return {
        "person_id": number,
        "region_code": REGION,
        "insurance": insurance,
        "scheme": "employee",
        "employer_id": employer.id,
        "from_month": "2024-01",
    }


def _record(number, employer, insurance, run):
    return {
        "person_id": number,
        "region_code": REGION,
        "insurance": insurance,
        "scheme": "employee",
        "employer_id": employer.id,
        "contribution_month": "2026-10",
        "declared_base_fen": 800_000,
        "base_fen": 800_000,
        "employer_fen": 128_000,
        "employee_fen": 64_000,
        "account_fen": 0,
        "levy_run_id": run.id,
        "recorded_at": NOW,
    }
