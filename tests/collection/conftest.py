"""What tests of payers' pages begin with."""

import pytest

from siweb.auth.account import Account
from tests import factories
from tests.bills import make_bill
from tests.sign_in import sign_in


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
