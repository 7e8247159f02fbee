"""What was withheld of somebody who died while suspended goes to the heirs, up to that month."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import select

from siweb.collection.tables.payout import Payout, PayoutKind
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.registry.tables.benefit import BenefitState
from tests import factories
from tests.conftest import NOW
from tests.papers import paper
from tests.second_person import check_all
from tests.sign_in import EVERY_FUNCTION, sign_in
from tests.signs.made import make_benefit

REGION = "310000"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def dead(client, session):
    """Suspended since August, dead in October, and nobody kept a month before."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    factories.make_region(session, REGION)
    person = factories.make_person(session, region_code=REGION)
    benefit = make_benefit(session, person)
    benefit.state, benefit.suspended_from_month = BenefitState.SUSPENDED, "2026-08"
    session.commit()
    sign_in(client, session, factories.make_person(session), functions=EVERY_FUNCTION)
    told = {"died_on": "2026-10-20", **paper("proof", "死亡证明1号")}
    assert client.post(f"/desk/people/{person.id}/death", data=told).status_code == 303
    check_all(session)
    session.expire_all()
    assert person.died_on == date(2026, 10, 20)
    return person


def entries(session, kind):
    asked = select(BenefitEntry.month).where(BenefitEntry.kind == kind).order_by(BenefitEntry.month)
    return session.scalars(asked).all()


def test_the_months_up_to_the_death_go_to_the_heirs_and_no_later_one(client, session, dead):
    page = f"/desk/benefits/people/{dead.id}"
    assert entries(session, BenefitEntryKind.HELD) == ["2026-08", "2026-09", "2026-10"]
    assert "CNY 9,000.00 was withheld up to the month of death" in client.get(page).text

    assert client.post(f"{page}/heirs", data=paper("succession", "")).status_code == 422
    assert client.post(f"{page}/heirs", data=paper("succession", "公证书1号")).status_code == 303
    check_all(session)

    assert entries(session, BenefitEntryKind.BACK_PAY) == ["2026-08", "2026-09", "2026-10"]
    payout = session.scalars(select(Payout)).one()
    assert (payout.kind, payout.amount_fen) == (PayoutKind.BENEFIT, 900_000)
    # Two people name the account: it is not that of who died.
    assert payout.payee_account == ""
    assert "was withheld up to" not in client.get(page).text


def test_nothing_goes_to_heirs_of_the_living_or_twice(client, session, dead):
    page = f"/desk/benefits/people/{dead.id}/heirs"
    client.post(page, data={**paper("succession", "公证书1号"), "form_key": "a"})
    check_all(session)
    again = client.post(page, data={**paper("succession", "公证书1号"), "form_key": "b"})
    assert "Nothing was withheld that is still to be paid." in again.text

    alive = factories.make_person(session, region_code=REGION)
    session.commit()
    refused = client.post(
        f"/desk/benefits/people/{alive.id}/heirs", data=paper("succession", "公证书")
    )
    assert refused.status_code == 422
