"""What tests of payers' pages begin with."""

import pytest

from siweb.audit.actor import SYSTEM
from siweb.auth.tables.account import Account
from siweb.registry.packs.import_packs import import_packs
from siweb.rules.parameters.load import load_packs
from siweb.rules.parameters.read import read_pack
from tests import factories
from tests.bills import make_bill
from tests.conftest import NOW
from tests.levies import BEIJING
from tests.sign_in import sign_in

COLLECTED = """
[[collection]]
insurance = {insurances}
effective_from = "2026-01"
published_on = 2025-12-31
notice = "税务征收"
confidence = "demonstration"
agency = "hrss"
collected_by = "tax"
"""


@pytest.fixture
def tax_office_collects(session):
    def collects(*insurances, region=BEIJING):
        text = load_packs().packs[region].text + COLLECTED.format(insurances=list(insurances))
        pack, problems = read_pack(text.replace("'", '"'), f"{region}.toml")
        assert not problems, problems
        import_packs(session, [pack], actor=SYSTEM, at=NOW)

    return collects


@pytest.fixture
def employer(client, session):
    """An employer whose viewer is signed in."""
    employer = factories.make_employer(session, region_code="310000")
    filer = factories.make_person(session, name="王芳")
    sign_in(client, session, filer)
    account = session.query(Account).filter_by(person_id=filer.id).one()
    factories.make_mandate(session, account, employer, kind="viewer")
    session.commit()
    return employer


@pytest.fixture
def bill(session, employer):
    """600 yuan a head too late since 15 September."""
    people = [factories.make_person(session, name=name) for name in ("赵一", "钱二", "=孙三")]
    return make_bill(session, people, employer=employer)
