"""Every form that moves money, sent twice, is one action, and the second answer says so."""

import re
from datetime import date, timedelta
from threading import Barrier

import pytest
import time_machine
from sqlalchemy import func, select

from siweb import clock
from siweb.audit.activity import Activity
from siweb.audit.actor import SYSTEM, Actor
from siweb.audit.form_key import FormKey, claim_form, forget_form_keys
from siweb.collection.payouts.order import Payee, order_payout
from siweb.collection.statements.bank_accounts import add_account
from siweb.collection.tables.held_entry import HeldEntry
from siweb.collection.tables.payment import Allocation, Payment
from siweb.collection.tables.payout import PayoutKind
from siweb.db.engine import make_sessions
from siweb.desk.checking.once import MONEY_FORMS
from siweb.desk.people.actions import HEIRS
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.ledgers.tables.transfer_segment import TransferSegment
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from siweb.tasks.propose import propose
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Doing
from tests import factories
from tests.architecture.sources import ROOT
from tests.bills import PACK_REGION, make_bill, receive
from tests.collection.statements.make_statements import (
    balances,
    camt,
    entry,
    import_file,
    register,
)
from tests.conftest import NOW
from tests.desk.arrears.arrears_office import ArrearsOffice
from tests.desk.insured_office import InsuredOffice
from tests.migrated import own_postgresql, run_at_once
from tests.papers import paper
from tests.second_person import check_all
from tests.sign_in import EVERY_FUNCTION, sign_in

DONE = "This was done already; nothing was done twice."


@pytest.fixture
def desk(client, session):
    with time_machine.travel(NOW, tick=False):
        sign_in(client, session, factories.make_person(session), EVERY_FUNCTION)
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        yield client


class Office(ArrearsOffice, InsuredOffice):
    """Makes what each form is about, and returns its page, its address and what is typed."""

    def __init__(self, session, folder):
        self.session, self.folder = session, folder

    def bill(self, **values):
        employer = factories.make_employer(self.session, region_code=PACK_REGION)
        people = [factories.make_person(self.session)]
        return make_bill(self.session, people, employer=employer, **values)

    def payment(self, fen=900_000, **values):
        payment = receive(self.session, fen, date(2026, 11, 1), **values)
        return payment, f"/desk/payments/{payment.id}"

    def match(self):
        bill, (_payment, page) = self.bill(), self.payment()
        return page, f"{page}/match", {"match-reference": bill.bank_reference}

    def split(self):
        bills, (_payment, page) = [self.bill(), self.bill()], self.payment()
        typed = {}
        for number, bill in enumerate(bills):
            typed[f"split-parts-{number}-reference"] = bill.bank_reference
            typed[f"split-parts-{number}-amount"] = "10.00"
        return page, f"{page}/split", typed

    def keep(self):
        bill, (_payment, page) = self.bill(), self.payment()
        return page, f"{page}/keep", {"keep-reference": bill.bank_reference}

    def pay_back(self):
        _payment, page = self.payment()
        return page, f"{page}/refund", {"refund-amount": "100.00", **paper("refund-because")}

    def reverse(self):
        _payment, page = self.payment()
        return page, f"{page}/reverse", {"reverse-on": "2026-11-20"}

    def decide_rate(self):
        employer = factories.make_employer(self.session, region_code=PACK_REGION, injury_class=4)
        page = f"/desk/employers/{employer.uscc}"
        typed = {
            "injury_class": "4", "injury_tier": "500000", "from_month": "2026-12",
            **paper("because", "费率核定书7号"),
        }  # fmt: skip
        return f"{page}/rate", f"{page}/injury-rate", typed

    def statement(self, *entries):
        factories.make_region(self.session, PACK_REGION)
        register(self.session)
        return import_file(self.session, self.folder, camt(*entries), PACK_REGION)[0]

    def withdraw(self):
        page = f"/desk/statements/{self.statement(entry()).id}"
        return page, f"{page}/withdraw", {"withdraw-because": "错文件"}

    def confirm(self):
        kept = self.statement(balances("0.00", "1.00"), entry())
        kept.finished_at, kept.done_entries = None, 0
        page = f"/desk/statements/{kept.id}"
        return page, f"{page}/confirm", {"confirm-because": "银行确认"}

    def held(self, *entries):
        self.statement(*entries)
        held = self.session.scalars(select(HeldEntry)).one()
        return f"/desk/bank-entries/{held.id}"

    def book(self):
        page = self.held(entry(day="2026-11-30"))
        return page, f"{page}/book", {"book-on": "2026-11-20"}

    def dismiss(self):
        page = self.held(entry(day="2026-11-30"))
        return page, f"{page}/dismiss", {"dismiss-because": "银行更正"}

    def confirm_return(self):
        page = self.held(entry(ref="A"), entry(ref="R", side="DBIT", reversal="true"))
        payment = self.session.scalars(select(Payment)).one()
        return page, f"{page}/return", {"return-payment": payment.id}

    def person(self, fen=80_000):
        person = factories.make_person(self.session, born_on=date(1980, 5, 1))
        employer = factories.make_employer(self.session)
        record = factories.make_record(
            self.session, person, "2025-01", employer=employer, paid_on=date(2025, 3, 10),
            account_fen=fen,
        )  # fmt: skip
        self.session.add(
            AccountEntry(
                person_id=person.id, year=2025, kind=EntryKind.CREDIT, contribution_month="2025-01",
                amount_fen=fen, posted_on=date(2025, 3, 10), **factories.about(record),
            )
        )  # fmt: skip
        return person

    def bring(self):
        page = f"/desk/people/{self.person().id}"
        typed = {
            "other_region": "南京市", "from_month": "2019-03", "through_month": "2021-12",
            "months": "30", "amount": "12,345.60", **paper("certificate", "转移信息表"),
        }  # fmt: skip
        return f"{page}/account", f"{page}/bring-in", typed

    def send(self):
        page = f"/desk/people/{self.person().id}"
        return f"{page}/account", f"{page}/send-out", {"to_region": "苏州市", **paper("letter")}

    def fund(self):
        reference = factories.make_pension_transfer(self.session, self.person()).reference
        return (page := f"/desk/transfers/{reference}"), f"{page}/fund", paper("papers", "联系函")

    def heirs(self):
        person = self.person()
        person.died_on = date(2026, 10, 1)
        page = f"/desk/people/{person.id}"
        return f"{page}/account", f"{page}/heirs", paper("succession", "公证书")

    def payout(self, **payee):
        person = factories.make_person(self.session, region_code=PACK_REGION)
        return order_payout(
            self.session, PayoutKind.HEIRS, "task:A", 80_000, region_code=PACK_REGION,
            person_id=person.id, payee=Payee(**payee), actor=SYSTEM, at=NOW,
        )  # fmt: skip

    def name_one(self):
        factories.make_region(self.session, PACK_REGION)
        page = f"/desk/payouts/{self.payout().reference}"
        return page, f"{page}/payee", {"name": "王", "account": "11112222", **paper("because")}

    def release_file(self):
        factories.make_region(self.session, PACK_REGION)
        self.payout(name="王芳", account="11112222")
        account = add_account(self.session, "33334444", "示范银行", actor=SYSTEM, at=NOW)
        typed = {
            "region": PACK_REGION, "account": str(account.id), "on": "2026-12-31",
            **paper("because", "付款单"),
        }  # fmt: skip
        return "/desk/payouts", "/desk/payouts/release", typed

    def approve_task(self):
        """A colleague wants to pay an account to the heirs."""
        person, maker = self.person(), factories.make_person(self.session)
        person.died_on = date(2026, 10, 1)
        account = factories.make_account(self.session, maker)
        doing = Doing(Actor(account.id, maker.id), NOW, packs_in_force(self.session))
        task = propose(
            self.session, HEIRS, f"person:{person.id}", {"person_id": person.id}, "公证书",
            region_code=person.region_code, doing=doing,
        )  # fmt: skip
        page = f"/desk/tasks/{task.reference}"
        return page, f"{page}/approve", {}


@pytest.fixture
def act(desk, session):
    """Send a form, and let a second person do what waits then."""

    def send(address, data):
        desk.post(address, data=data)
        check_all(session)

    return send


def counted(session):
    """Everything that an action leaves: money rows, and a line of who did what."""
    session.expire_all()
    rows = [
        session.scalar(select(func.count()).select_from(table))
        for table in (Payment, Allocation, AccountEntry, TransferSegment, Task)
    ]
    # Opening a page of somebody's is noted too, and is no action.
    acted = select(func.count(Activity.id)).where(Activity.action.not_like("%looked%"))
    return [*rows, session.scalar(acted)]


def names():
    return sorted(name.rpartition(".")[2] for name in MONEY_FORMS)


def test_the_walk_below_knows_every_form():
    assert names() == sorted(name for name in names() if hasattr(Office, name))
    assert len(set(names())) == len(MONEY_FORMS)


@pytest.mark.parametrize("name", names())
def test_a_money_form_sent_twice_is_one_action(desk, session, tmp_path, name):
    page, address, typed = getattr(Office(session, tmp_path), name)()
    session.commit()
    shown = desk.get(page).get_data(as_text=True)
    form = re.search(rf'<form[^>]*action="{address}".*?</form>', shown, re.DOTALL)
    assert form, "the page has the form"
    key = re.search(r'name="form_key" value="([\w-]{20,})"', form[0])
    assert key, "the form carries a key"
    before = counted(session)

    first = desk.post(address, data=typed | {"form_key": key[1]})

    assert first.status_code == 303, first.get_data(as_text=True)
    assert (after := counted(session)) != before, "the first does something"
    assert DONE not in desk.get(page).get_data(as_text=True)

    second = desk.post(address, data=typed | {"form_key": key[1]})

    # Its form may stand on a part of that page.
    assert (second.status_code, page.startswith(second.location)) == (303, True)
    assert DONE in desk.get(page).get_data(as_text=True)
    assert counted(session) == after, "the second does nothing"


def test_a_form_without_a_key_is_known_by_its_whole_content(desk, act, session, tmp_path):
    page, address, typed = Office(session, tmp_path).pay_back()
    session.commit()

    act(address, data=typed)
    act(address, data=typed)
    assert DONE in desk.get(page).get_data(as_text=True)
    act(address, data=typed | {"refund-amount": "100.01"})

    amounts = session.scalars(select(Payment.amount_fen).order_by(Payment.id))
    assert amounts.all() == [900_000, -10_000, -10_001]


def test_a_form_without_a_key_may_come_again_on_another_day(desk, act, session, tmp_path):
    _page, address, typed = Office(session, tmp_path).pay_back()
    session.commit()
    act(address, data=typed)

    with time_machine.travel(NOW.replace(hour=16), tick=False):
        # The day after, at the office; the sign-in holds for eight hours.
        sign_in(desk, session, session.scalars(select(Person)).first(), EVERY_FUNCTION)
        act(address, data=typed)

    assert session.scalar(select(func.count(Payment.id))) == 3


def test_two_pages_are_two_actions(desk, act, session, tmp_path):
    _page, address, typed = Office(session, tmp_path).pay_back()
    session.commit()

    for key in ("one", "other"):
        act(address, data=typed | {"form_key": key})

    assert session.scalar(select(func.count(Payment.id))) == 3


def test_what_was_refused_may_be_sent_again(desk, act, session, tmp_path):
    _page, address, typed = Office(session, tmp_path).pay_back()
    session.commit()
    too_much = typed | {"refund-amount": "99999.00", "form_key": "k"}

    refused = desk.post(address, data=too_much)
    assert refused.status_code == 422
    assert "more than the balance left" in refused.get_data(as_text=True)
    assert (
        desk.post(address, data=typed | {"form_key": "k", "refund-amount": ""}).status_code == 422
    )
    act(address, data=typed | {"form_key": "k"})

    assert session.scalar(select(func.count(Payment.id))) == 2


def test_one_key_is_no_key_of_another_form(desk, act, session, tmp_path):
    office = Office(session, tmp_path)
    (_one, first, typed), (_other, second, _typed) = office.pay_back(), office.pay_back()
    session.commit()

    for address in (first, second):
        act(address, data=typed | {"form_key": "k"})

    assert session.scalar(select(func.count(Payment.id))) == 4


def test_every_form_of_the_templates_with_a_key_is_in_the_registry():
    """A template that gives its form a key without the view's mark would promise nothing."""
    forms, sent_to = 0, []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text("utf-8")
        forms += text.count("{{ money_form_keys() }}")
        sent_to += re.findall(r"url_for\('(\w+\.\w+)'[^>]*>\n\{\{ money_form_keys\(\)", text)

    assert len(sent_to) == forms
    assert sorted({endpoint.rpartition(".")[2] for endpoint in sent_to}) == names()


def test_keys_of_forms_that_nobody_can_send_again_are_deleted(session):
    for key, age in (("old", timedelta(days=30, seconds=1)), ("kept", timedelta(days=30))):
        claim_form(session, key, at=NOW - age)

    assert forget_form_keys(session, at=NOW) == 1
    assert session.scalars(select(FormKey.key)).all() == ["kept"]


@pytest.mark.postgresql
def test_of_two_at_the_same_moment_one_acts(postgresql_url):
    start, claimed = Barrier(8), []
    with own_postgresql(postgresql_url, "two_forms") as engine:
        sessions = make_sessions(engine)

        def send():
            with sessions() as session:
                start.wait()
                claimed.append(claim_form(session, "key", at=clock.now()))
                session.commit()

        run_at_once(send, 8)
        with sessions() as session:
            kept = session.scalar(select(func.count()).select_from(FormKey))

    assert (sorted(claimed), kept) == ([False] * 7 + [True], 1)
