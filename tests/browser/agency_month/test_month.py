"""An agency's first month, played by its people: opened, staffed, levied, paid, put right, proved."""

import re
from datetime import date, datetime

import pytest
import time_machine
from sqlalchemy import select

from siweb.clock import OFFICE_ZONE
from siweb.collection.tables.bill import Bill
from siweb.registry.tables.person import Person
from siweb.web.database import database
from tests.browser.agency_month.stage import REGION, Stage
from tests.cli.test_first_office import FIRST, INIT, SECOND, go_to
from tests.collection.statements.make_statements import ACCOUNT, balances, camt, detail, entry
from tests.factories import make_id_number, make_uscc

# Nobody holds functions of two groups that internal control keeps apart; each has a colleague.
STAFF = {
    "王一": ("registration", "contributions"),
    "王二": ("registration", "contributions"),
    "赵一": ("review",),
    "赵二": ("review",),
    "钱一": ("finance",),
    "钱二": ("finance",),
}
FIVE = ["pension", "medical", "unemployment", "work_injury", "maternity"]
HIRED = [
    (name, make_id_number(date(1990, 1, 5), 971 + 2 * place))
    for place, name in enumerate(("何一", "何二", "何三", "何迟"))
]
CODE = re.compile(r"\b[A-Z0-9]{5}-[A-Z0-9]{3}\b")


def at(day, hour=9):
    return datetime(2026, 11, day, hour, tzinfo=OFFICE_ZONE)


@pytest.fixture
def stage(browser, build_office, tmp_path, monkeypatch):
    go_to(tmp_path, monkeypatch)
    with time_machine.travel(at(2), tick=False) as clock:
        found = Stage(tmp_path, browser, clock, build_office)
        found.office.run("migrate")
        found.office.run(*INIT)
        found.serve()
        yield found
        found.close()
    assert not found.errors


def test_an_agency_opens_levies_is_paid_and_puts_right_what_was_wrong(stage):
    staff = open_office(stage)
    flexible = insure_oneself(stage, staff)
    owner, uscc = register_employer(stage, staff)
    hire(stage, owner, uscc)

    stage.go_to(at(10))
    assert "CNY 15,078.80" in levy(stage, staff["王一"])

    stage.go_to(at(13))
    own, firm = bills(stage)
    named = [detail(text=f"{firm.bank_reference:012d}")]
    take_in(
        stage, staff,
        balances("0.00", yuan(own.total_fen + 1_200_000)),
        entry(yuan(own.total_fen), ref="F1", day="2026-11-12",
              details=[detail(payer="刘芳", text=f"{own.bank_reference:012d}")]),
        entry("12000.00", ref="E1", day="2026-11-12", details=named),
        entry("678.80", ref="E2", day="2026-11-12", details=named),
        entry("678.80", ref="R2", day="2026-11-13", side="DBIT", reversal="true", details=named),
    )  # fmt: skip
    send_back(staff["钱一"])
    owner.open(f"/employer/{uscc}/bills")
    assert "to pay today CNY 678.80" in owner.says()

    stage.go_to(at(20))
    before = yuan(own.total_fen + 1_200_000), yuan(own.total_fen + firm.total_fen)
    take_in(
        stage, staff, balances(*before), entry("678.80", ref="E3", day="2026-11-19", details=named)
    )  # fmt: skip
    owner.open(f"/employer/{uscc}/bills")
    assert "CNY 12,678.80 Paid" in owner.says()
    worker = activate(stage, staff["王一"], *HIRED[0])
    worker.open("/record/2026")
    assert "not paid yet" not in worker.says().lower()

    bury(stage, staff, HIRED[2][1])
    put_base_right(stage, staff, HIRED[0][1], uscc)
    worker.open("/corrections")
    assert "The base is wrong" in worker.says()

    flexible.open("/record/2026")
    assert "Months paid: 1 · last base CNY 8,000.00" in flexible.says()
    stage.office.run("seal")
    assert "The books balance." in stage.office.run("check")


def open_office(stage):
    """Two administrators name the agency and appoint its staff; a campaign is opened."""
    first, second = (
        stage.actor(name, number, wide=True) for name, number in (("张伟", FIRST), ("李强", SECOND))
    )
    for each in (first, second):
        each.activate(stage.office.codes[each.name])
    first.send(
        "/desk/agencies", region=REGION, kind="hrss", name_zh="上海市社保中心", name_en="Centre",
        address_zh="示范路1号", address_en="1 Shifan Road", phone="12333",
    )  # fmt: skip
    staff = {}
    for place, (name, functions) in enumerate(STAFF.items()):
        number = make_id_number(date(1985, 3, 5), 911 + 2 * place)
        code = register(first, name, number)
        for function in functions:
            appointed = {"id_number": number, "function": function, "agency": "0"}
            first.send("/desk/staff", **appointed, because="任命1号")
            second.approve()
        staff[name] = stage.actor(name, number, wide=True)
        staff[name].activate(code)
    staff["赵一"].send(
        "/desk/campaigns", kind="record_check", region=REGION, year="2026", from_month="2026-01",
        to_month="2026-10", opens_on="2026-11-02", closes_on="2026-12-31",
    )  # fmt: skip
    return staff


def insure_oneself(stage, staff):
    """A flexible worker opens her account and insures herself, without scripts."""
    number = make_id_number(date(1991, 6, 3), 952)
    code = register(staff["王一"], "刘芳", number, "female50")
    worker = stage.actor("刘芳", number, scripts=False)
    worker.activate(code)
    worker.open("/own-insurance")
    worker.go_on()
    for step in (
        {"work": "other"}, {"region_code": REGION}, {"insurances": ["pension", "medical"]},
        {"choice": "other", "amount": "8000"}, {"mobile": "13800001234"}, {},
    ):  # fmt: skip
        worker.go_on(**step)
    assert "You are insured from this month on." in worker.says()
    return worker


def register_employer(stage, staff):
    """An employer registers itself, and the desk confirms it."""
    number = make_id_number(date(1980, 5, 2), 961)
    owner = stage.actor("陈主", number, wide=True)
    owner.activate(register(staff["王一"], "陈主", number))
    owner.open("/employer/register")
    owner.go_on()
    uscc = make_uscc()
    for step in (
        {"uscc": uscc, "name": "示范纺织有限公司", "region_code": REGION, "kind": "enterprise"},
        {"industry_code": "C17", "established_on": "2026-10-08"},
        {"address": "示范路2号", "phone": "021-12345678"},
        {"legal_representative": "陈主", "handler_name": "陈主", "handler_phone": "13800001235"},
        {"bank_name": "示范银行", "bank_account": "622200001111"},
        {"insurances": FIVE},
        {},
    ):
        owner.go_on(**step)
    staff["王一"].send("/desk/employers/registrations", at=f"{uscc}/accept")
    return owner, uscc


def hire(stage, owner, uscc):
    """A list of three, and one who is declared late."""
    lines = ["姓名,公民身份号码,入职日期,月工资"]
    lines += [f"{name},{number},2026-11-02,9000" for name, number in HIRED[:3]]
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    owner.send(f"/employer/{uscc}/sheets/hire", file=file, month="2026-11")
    stage.work()
    owner.page.reload()
    owner.go_on(at="/confirm")
    name, number = HIRED[3]
    owner.send(
        f"/employer/{uscc}/hire", id_number=number, name=name, hired_on="2026-10-12",
        wage_fen="7000", start_month="2026-11", form="full_time", contract_type="open",
        reason="new", insurances=FIVE,
    )  # fmt: skip
    assert "Not covered: October 2026." in owner.says()
    owner.go_on(at="/confirm")


def levy(stage, clerk):
    button = "Issue bills for the month"
    clerk.send("/desk/levy", at="/desk/levy", region=REGION, month="2026-11", button=button)
    stage.work()
    clerk.page.reload()
    return clerk.says()


def take_in(stage, staff, *parts):
    """The bank's statement: handed in by one, checked by another, used by the worker."""
    cashier, colleague = staff["钱一"], staff["钱二"]
    cashier.open("/desk/statements/accounts")
    if ACCOUNT not in cashier.says():
        cashier.go_on(number=ACCOUNT, bank="示范银行", because="开户许可证1号", region="")
        colleague.approve()
    file = {"name": "s.xml", "mimeType": "text/xml", "buffer": camt(*parts)}
    cashier.send("/desk/statements", region=REGION, bank="示范银行", file=file)
    stage.work()
    colleague.approve()
    stage.work()


def send_back(cashier):
    """What the bank returned is no payment."""
    cashier.open("/desk/bank-entries")
    cashier.page.locator("main th a").first.click()
    cashier.go_on(at="/return")
    assert "its bills are unpaid again" in cashier.says()


def bury(stage, staff, number):
    """A death takes two."""
    page = f"/desk/people/{key_of(stage, number)}"
    staff["王一"].send(page, at="/death", died_on="2026-11-18", proof="死亡证明1号")
    staff["王二"].approve()
    staff["王一"].open(page)
    assert "18 November 2026" in staff["王一"].says()


def put_base_right(stage, staff, number, uscc):
    """A base that was too low is corrected: what changes is looked at first, and checked."""
    clerk = staff["王一"]
    clerk.send(
        f"/desk/corrections/{key_of(stage, number)}", at="/record", kind="base", region=REGION,
        first_month="2026-11", last_month="2026-11", employer=uscc, base="9500", fault="payer",
        due_on="2026-12-15", paper="工资条", paper_number="8", paper_on="2026-11-01",
        words="十一月缴费基数改为9500元",
    )  # fmt: skip
    assert "CNY 9,500.00" in clerk.says()
    clerk.go_on(at="/record", button="Send it to be checked")
    staff["王二"].approve()
    stage.work()


def register(clerk, name, number, category=""):
    """Register somebody at the counter and return their code."""
    clerk.send(
        "/desk/counter/register", id_number=number, name=name, region=REGION, category=category
    )
    return CODE.search(clerk.send(clerk.page.url, at="/code", code__handed="at_counter"))[0]


def activate(stage, clerk, name, number):
    """Open the account of somebody who is registered."""
    page = f"/desk/counter/{key_of(stage, number)}"
    code = CODE.search(clerk.send(page, at="/code", code__handed="at_counter"))[0]
    found = stage.actor(name, number)
    found.activate(code)
    return found


def bills(stage):
    with database(stage.office.app).readers() as session:
        found = session.scalars(select(Bill).order_by(Bill.employer_id.is_not(None))).all()
        session.expunge_all()
    return found


def key_of(stage, number):
    with database(stage.office.app).readers() as session:
        return session.scalar(select(Person.id).where(Person.id_number == number))


def yuan(fen):
    return f"{fen // 100}.{fen % 100:02d}"
