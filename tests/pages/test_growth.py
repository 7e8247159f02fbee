"""With ten times the people no page takes much more than ten times the database's steps.

SQLite counts the steps of its statements: unlike seconds they are the same on a busy machine. They
are counted with the statistics that the office collects, and without any.
"""

from datetime import date

import pytest
import time_machine
from sqlalchemy import event, insert, text

from siweb.app import create_app
from siweb.db.engine import make_engine, make_sessions
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
from tests.migrated import lay_schema
from tests.office_secrets import SECRETS
from tests.sign_in import sign_in

REGION, FEW, MANY = "310000", 40, 400
# Ten times the people may cost this many times the steps: sorting has a logarithm.
MOST = 13
# What a page takes whoever is registered, in steps.
PAGE_STEPS = 2_000
PER_CALL = 50


class Grown:
    """An office with an employer of so many people, and browsers of its owner and of the desk."""

    def __init__(self, folder, people, with_statistics):
        settings = Settings(var_dir=folder, **SECRETS)
        engine = make_engine(settings.engine_url)
        lay_schema(engine)
        with make_sessions(engine)() as session:
            load_regions(session, hosted=(REGION,))
            owner, self.uscc = self._fill(session, people)
            if with_statistics:
                collect_statistics(session)
            session.commit()
            self.app = create_app(settings)
            self.app.config["WTF_CSRF_ENABLED"] = False
            self.owner, self.desk = self.app.test_client(), self.app.test_client()
            sign_in(self.owner, session, owner)
            sign_in(self.desk, session, factories.make_person(session), ("staff",))
            session.commit()
        if not with_statistics:
            with engine.begin() as connection:
                tables = "SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_stat%'"
                for name in connection.scalars(text(tables)).all():
                    connection.execute(text(f"DELETE FROM {name}"))
        engine.dispose()
        self.steps = 0
        event.listen(self.app.extensions["siweb_database"].engine, "connect", self._count)

    def _fill(self, session, people):
        owner = factories.make_person(session, region_code=REGION)
        employer = factories.make_employer(session, region_code=REGION)
        account = factories.make_account(session, owner)
        factories.make_mandate(session, account, employer, "owner")
        run = make_levy_run(session, "2026-10", region_code=REGION)
        session.flush()
        ids = range(1_000, 1_000 + people)
        insert_people(session, [_person(number) for number in ids])
        rows = {
            Employment: [_employment(number, employer) for number in ids],
            DeclaredBase: [_base(number, employer) for number in ids],
            Enrolment: [_enrolment(number, employer, one) for number in ids for one in Insurance],
            ContributionRecord: [
                _record(number, employer, one, run) for number in ids for one in Insurance
            ],
        }
        for model, given in rows.items():
            session.execute(insert(model), given)
        return owner, employer.uscc

    def _count(self, connection, _record):
        def more():
            self.steps += PER_CALL

        connection.set_progress_handler(more, PER_CALL)

    def steps_of(self, browser, address):
        """Ask twice, since the first answer prepares what later ones find; return the second's."""
        browser.get(address)
        before = self.steps
        answer = browser.get(address)
        assert answer.status_code == 200, address
        return self.steps - before


def _person(number):
    return {
        "id": number,
        "id_number": factories.make_id_number(),
        "name": f"王{chr(0x4E00 + number)}",
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
        "employer_id": employer.id,
        "from_month": "2026-01",
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


@pytest.fixture(scope="module", params=["statistics", "none"])
def offices(request, tmp_path_factory):
    with_statistics = request.param == "statistics"
    with time_machine.travel(NOW, tick=False):
        yield [
            Grown(tmp_path_factory.mktemp("office"), people, with_statistics)
            for people in (FEW, MANY)
        ]


def addresses_of(office, prefix):
    """The pages below an address that ask for nothing but the employer."""
    rules = {
        rule.rule.replace("<uscc>", office.uscc)
        for rule in office.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.rule.startswith(prefix)
    }
    return sorted(rule for rule in rules if "<" not in rule)


@pytest.mark.parametrize(("who", "prefix"), [("owner", "/employer/<uscc>"), ("desk", "/desk")])
def test_no_page_grows_faster_than_its_people(offices, who, prefix):
    few, many = offices
    grown = {}
    with time_machine.travel(NOW, tick=False):
        for address in addresses_of(few, prefix):
            if getattr(few, who).get(address).status_code != 200:
                continue
            before = few.steps_of(getattr(few, who), address)
            after = many.steps_of(getattr(many, who), address.replace(few.uscc, many.uscc))
            if after > PAGE_STEPS + MOST * before:
                grown[address] = (before, after)

    assert not grown
