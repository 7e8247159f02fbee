"""A temporary pension account: noted by the rule and by two, closed to what comes, sent back."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.ledgers.account.close import AccountRefused
from siweb.ledgers.account.temporary import (
    end_temporary,
    open_temporary,
    refuse_into_temporary,
)
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.ledgers.tables.temporary_account import TemporaryAccount
from siweb.ledgers.tables.transfer_segment import Direction, TransferSegment
from siweb.registry.codes import Sex
from siweb.registry.tables.enrolment import Enrolment
from tests import factories
from tests.conftest import NOW
from tests.papers import paper
from tests.second_person import check_all
from tests.sign_in import EVERY_FUNCTION, sign_in

BROUGHT = {
    "other_region": "成都市", "from_month": "2019-03", "through_month": "2021-12", "months": "30",
    "amount": "12345.60", **paper("certificate", "转移信息表8号"),
}  # fmt: skip


@pytest.fixture
def desk(client, session):
    with time_machine.travel(NOW, tick=False):
        sign_in(client, session, factories.make_person(session), EVERY_FUNCTION)
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        yield client


@pytest.fixture
def person(session):
    """A man from elsewhere who began here at fifty, with a month in the account."""
    found = factories.make_person(session, born_on=date(1976, 3, 2), sex=Sex.MALE)
    employer = factories.make_employer(session)
    factories.make_enrolment(session, found, employer=employer, from_month="2026-03")
    record = factories.make_record(
        session, found, "2026-03", employer=employer, paid_on=date(2026, 4, 10), account_fen=80_000
    )
    session.add(
        AccountEntry(
            person_id=found.id, year=2026, kind=EntryKind.CREDIT, contribution_month="2026-03",
            amount_fen=80_000, posted_on=date(2026, 4, 10), **factories.about(record),
        )
    )  # fmt: skip
    session.commit()
    return found


def note(desk, person, joined_on="2026-03-02", household="51"):
    typed = {"temporary-household": household, "temporary-joined_on": joined_on}
    typed |= paper("temporary-register", "户口簿1号", kind="household_register")
    return desk.post(f"/desk/people/{person.id}/temporary", data=typed)


def test_it_is_noted_by_two_and_nothing_comes_in_until_it_is_an_ordinary_one(desk, session, person):
    assert note(desk, person).status_code == 303
    assert open_temporary(session, person.id) is None
    check_all(session)
    session.expire_all()

    found = open_temporary(session, person.id)
    assert (found.household, found.joined_on, found.ended_on) == ("51", date(2026, 3, 2), None)
    page = desk.get(f"/desk/people/{person.id}/account").text
    assert "Temporary pension account" in page
    assert "Sichuan" in page
    assert f"/desk/people/{person.id}/bring-in" not in page
    # Who has the form open from before is refused as well.
    refused = desk.post(f"/desk/people/{person.id}/bring-in", data=BROUGHT)
    assert refused.status_code == 422
    assert "nothing is transferred in" in refused.text
    assert "temporary one already" in note(desk, person).text

    reason = paper("temporary-reason", "调令1号", kind="letter")
    assert desk.post(f"/desk/people/{person.id}/ordinary", data=reason).status_code == 303
    check_all(session)
    session.expire_all()
    assert open_temporary(session, person.id) is None
    assert desk.post(f"/desk/people/{person.id}/bring-in", data=BROUGHT).status_code == 303


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"joined_on": "2026-03-01"}, "this is an ordinary account"),
        ({"household": "31"}, "this is an ordinary account"),
        ({"joined_on": "2026-11-25"}, "This date lies in the future."),
        ({"household": ""}, "Choose the province."),
    ],
)
def test_what_the_rule_does_not_say_is_not_noted(desk, session, person, values, sentence):
    page = note(desk, person, **values)

    assert page.status_code == 422
    assert sentence in page.text
    check_all(session)
    assert session.scalars(select(TemporaryAccount)).all() == []


def test_what_leaves_another_region_of_the_office_does_not_open_it(session, person):
    """Between two regions all is sent out of one before it is brought into the other."""
    account = TemporaryAccount(
        person_id=person.id, region_code=person.region_code, household="51",
        joined_on=date(2026, 3, 2), recorded_at=NOW,
    )  # fmt: skip
    session.add(account)
    session.flush()
    by = {"on": NOW.date(), "actor": SYSTEM, "at": NOW}

    assert not end_temporary(session, person.id, "530000", **by)
    with pytest.raises(AccountRefused, match="temporary"):
        refuse_into_temporary(session, person.id)
    assert end_temporary(session, person.id, person.region_code, **by)
    refuse_into_temporary(session, person.id)


def test_all_of_it_goes_back_when_the_person_left(app, desk, session, person):
    note(desk, person)
    check_all(session)
    own = app.test_client()
    own.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(own, session, person)
    assert "Temporary pension account" in own.get("/record/account").text
    # Insured here, nothing is asked for: what was elsewhere stays there.
    assert "your pension relation stays where it was" in own.get("/transfer").text
    session.scalars(
        select(Enrolment).where(Enrolment.person_id == person.id)
    ).one().to_month = "2026-10"
    session.commit()

    sent = {"to_region": "成都市", **paper("letter", "联系函5号")}
    assert desk.post(f"/desk/people/{person.id}/send-out", data=sent).status_code == 303
    check_all(session)

    session.expire_all()
    segment = session.scalars(select(TransferSegment)).one()
    assert (segment.direction, segment.months) == (Direction.OUT, 1)
    assert segment.amount_fen >= 80_000
    assert session.scalars(select(TemporaryAccount.ended_on)).all() == [NOW.date()]
    assert "Temporary pension account" not in own.get("/record/account").text
