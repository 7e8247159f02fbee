"""Paying online: only the gateway's signed word brings money, once, whatever the browser says."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.auth.tables.account import Account
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.online.demonstration.gateway import SIGNATURE, DemonstrationGateway
from siweb.collection.online.gateway import Notification, NotificationRefused
from siweb.collection.online.gateways import gateway_of
from siweb.collection.tables.online_payment import OnlinePayment
from siweb.collection.tables.payment import Payment
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.settings import SettingError, Settings
from tests import factories
from tests.bills import make_bill, make_levy_run
from tests.collection.assessments.test_pages import text_of
from tests.collection.bills.test_pages import NOW, address
from tests.office_secrets import SECRETS
from tests.pages.read_page import ReadPage
from tests.sign_in import sign_in

TODAY = date(2026, 11, 24)


@pytest.fixture
def settings(tmp_path):
    return Settings(var_dir=tmp_path, **SECRETS, payment_gateway="demonstration")


@pytest.fixture(autouse=True)
def _now(client):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def me(client, session):
    me = factories.make_person(session)
    sign_in(client, session, me)
    return me


@pytest.fixture
def bill(session, me):
    # In time: after its day a person's bill is closed.
    run = make_levy_run(session, due_on=date(2026, 12, 15))
    return make_bill(session, [me], run=run, insurances=(Insurance.PENSION, Insurance.MEDICAL))


@pytest.fixture
def begun(client, session, bill):
    """A payment of the whole bill, begun by its payer."""
    answer = client.post(f"/bills/{bill.bank_reference}/pay")
    assert answer.status_code == 303
    return session.scalars(select(OnlinePayment)).one()


@pytest.fixture
def tell(client, settings):
    """Send what the gateway tells; return the answer's status."""

    def tell(begun, fen=None, transaction="T1", gateway=None):
        gateway = gateway or DemonstrationGateway(settings.signing_key())
        told = Notification(begun.reference, transaction, fen or begun.amount_fen, TODAY, "某人")
        body, headers = gateway.tell(told)
        return client.post("/online-payments/notify", data=body, headers=headers).status_code

    return tell


def books(session):
    return list(check_books(session, packs_in_force(session), Scope(None, None)).lines())


def test_a_person_who_pays_alone_pays_no_late_fee(client, bill, begun):
    assert (begun.amount_fen, begun.late_fee_fen) == (bill.total_fen, 0)

    page = text_of(client.get(f"/online-payments/{begun.reference}"))

    assert "Late fee" not in page
    assert "/demonstration/bank?" in page


def test_an_employers_late_fee_is_in_what_is_paid_and_shown_before(client, session, me):
    employer = factories.make_employer(session)
    account = session.scalars(select(Account).where(Account.person_id == me.id)).one()
    factories.make_mandate(session, account, employer, kind="filer")
    late = make_bill(session, [factories.make_person(session)], employer=employer)
    session.commit()

    client.post(f"/employer/{employer.uscc}/bills/{late.bank_reference}/pay")

    fee = late.total_fen * 70 * 500 // 1_000_000
    started = session.scalars(select(OnlinePayment)).one()
    assert (started.amount_fen, started.late_fee_fen) == (late.total_fen + fee, fee)
    page = text_of(client.get(f"/online-payments/{started.reference}"))
    assert f"CNY {fee // 100:,}.{fee % 100:02d}" in page


def test_what_the_gateway_tells_settles_the_bill(client, session, bill, begun, tell):
    assert tell(begun) == 200

    session.refresh(bill)
    assert (bill.outstanding_fen, bill.late_fee_paid_fen) == (0, begun.late_fee_fen)
    assert "has arrived" in text_of(client.get(f"/online-payments/{begun.reference}"))
    assert not books(session)


def test_told_twice_it_counts_once(session, bill, begun, tell):
    assert [tell(begun), tell(begun)] == [200, 200]

    session.refresh(bill)
    assert bill.paid_fen == bill.total_fen
    assert session.scalar(select(func.count()).select_from(Payment)) == 1


def test_paid_twice_the_second_is_left_to_be_paid_back(session, begun, tell):
    tell(begun)
    assert tell(begun, transaction="T2") == 200

    second = session.scalars(select(Payment).order_by(Payment.id.desc())).first()
    assert second.unallocated_fen == begun.amount_fen
    assert not books(session)


@pytest.mark.parametrize("hundredths", [50, 150])
def test_what_came_counts_not_what_was_asked(session, bill, begun, tell, hundredths):
    came = begun.amount_fen * hundredths // 100

    assert tell(begun, came) == 200

    session.refresh(bill)
    left = session.scalar(select(Payment.unallocated_fen))
    assert bill.paid_fen + bill.late_fee_paid_fen + left == came
    assert not books(session)


def test_a_wrong_signature_brings_nothing(session, begun, tell):
    assert tell(begun, gateway=DemonstrationGateway("another key")) == 403
    assert session.scalar(select(func.count()).select_from(Payment)) == 0


def test_a_payment_that_nobody_began_is_refused(client, settings):
    gateway = DemonstrationGateway(settings.signing_key())
    body, headers = gateway.tell(Notification("NOBODY", "T1", 100, TODAY))

    assert client.post("/online-payments/notify", data=body, headers=headers).status_code == 422


@pytest.mark.parametrize("body", [b"{}", b"[]", b"no", b'{"order": "a", "amount_fen": -1}'])
def test_what_cannot_be_read_is_refused(settings, body):
    gateway = DemonstrationGateway(settings.signing_key())
    with pytest.raises(NotificationRefused, match="shape"):
        gateway.read_notification(body, {SIGNATURE: gateway._sign(body)})


def test_coming_back_proves_nothing(client, session, bill, begun):
    client.get(f"/online-payments/{begun.reference}?paid=yes")

    session.refresh(bill)
    assert bill.paid_fen == 0


def pressed(client, begun, do):
    """Press a button on the made-up bank's page."""
    page = client.get(begun.address)
    fields = {}
    for line in page.text.split("<input ")[1:]:
        name, value = (line.split(f'{one}="')[1].split('"')[0] for one in ("name", "value"))
        fields[name] = value.replace("&amp;", "&")
    return client.post("/demonstration/bank", data={**fields, "do": do})


@pytest.mark.parametrize(("do", "is_paid"), [("all", True), ("cancel", False)])
def test_the_demonstration_bank_pays_or_not(client, session, bill, begun, do, is_paid):
    answer = pressed(client, begun, do)

    assert answer.location.endswith(f"/online-payments/{begun.reference}")
    session.refresh(bill)
    assert (bill.outstanding_fen == 0) is is_paid
    assert "no money moves" in text_of(client.get(begun.address))


def test_an_address_that_was_changed_is_none(client, begun):
    changed = begun.address.replace(f"amount={begun.amount_fen}", "amount=1")

    assert client.get(changed).status_code == 404


def test_somebody_elses_payment_and_bill_do_not_exist(client, session, bill, begun):
    sign_in(client, session, factories.make_person(session))

    assert client.get(f"/online-payments/{begun.reference}").status_code == 404
    assert client.post(f"/bills/{bill.bank_reference}/pay").status_code == 404


def test_a_settled_bill_is_not_paid_again(client, session, bill, begun, tell):
    tell(begun)

    answer = client.post(f"/bills/{bill.bank_reference}/pay")

    assert answer.location == f"/bills/{bill.bank_reference}"
    assert session.scalar(select(func.count()).select_from(OnlinePayment)) == 1


def test_an_employer_pays_and_a_viewer_does_not(client, session, me):
    employer = factories.make_employer(session, region_code="310000")
    bill = make_bill(session, [factories.make_person(session)], employer=employer)
    account = session.scalars(select(Account).where(Account.person_id == me.id)).one()
    mandate = factories.make_mandate(session, account, employer, kind="viewer")
    session.commit()
    assert "online" not in text_of(client.get(address(employer, bill)))
    assert client.post(address(employer, bill, "/pay")).status_code == 404

    mandate.revoked_at = NOW - timedelta(days=1)
    factories.make_mandate(session, account, employer, kind="filer")
    session.commit()
    answer = client.post(address(employer, bill, "/pay"))
    assert address(employer, bill) in ReadPage(text_of(client.get(answer.location))).pages


def test_without_the_setting_there_is_no_bank(client, app, begun, tell):
    app.extensions["siweb_gateway"] = None

    assert tell(begun) == 404
    assert client.get(begun.address).status_code == 404
    assert "Pay " not in text_of(client.get("/bills"))


def test_its_notification_needs_no_form(app, begun, tell):
    app.config["WTF_CSRF_ENABLED"] = True

    assert tell(begun) == 200


def test_a_gateway_that_nobody_knows_is_no_setting():
    with pytest.raises(SettingError, match="demonstration"):
        gateway_of(Settings(payment_gateway="golden"))


def test_what_it_says_is_json_that_a_real_gateway_could_send(settings, session):
    body, headers = DemonstrationGateway("k").tell(Notification("A", "T", 5, TODAY, "某"))

    assert json.loads(body)["paid_on"] == "2026-11-24"
    assert len(headers[SIGNATURE]) == 64
