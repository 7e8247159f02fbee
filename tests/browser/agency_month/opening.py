"""How the month begins: two open an office and staff it, people and employers come to it."""

import re
from datetime import date

from sqlalchemy import select

from siweb.auth.tables.appointment import Appointment
from tests.browser.agency_month.stage import REGION
from tests.cli.office.new_office import FIRST, SECOND
from tests.factories import make_id_number, make_uscc
from tests.papers import paper

# Nobody holds functions of two groups that internal control keeps apart; each has a colleague.
STAFF = {
    "王一": ("registration", "contributions"),
    "王二": ("registration", "contributions"),
    "赵一": ("review",),
    "赵二": ("review",),
    "钱一": ("finance",),
    "钱二": ("finance",),
    "孙一": ("parameters",),
    "孙二": ("parameters",),
}
# Those whose pages are seen with their scripts; the others do without.
SEEN = {"王一", "钱一"}
FIVE = ["pension", "medical", "unemployment", "work_injury", "maternity"]
HIRED = [
    (name, make_id_number(date(1990, 1, 5), 971 + 2 * place))
    for place, name in enumerate(("何一", "何二", "何三", "何迟"))
]
CODE = re.compile(r"\b[A-Z0-9]{5}-[A-Z0-9]{3}\b")
SET_UP_CODE = re.compile(r"\b[A-Z0-9]{5}-[A-Z0-9]{5}\b")


def open_office(stage):
    """Two administrators name the agency and appoint its staff; a campaign is opened."""
    first, second = (
        stage.actor(name, number, plain=True)
        for name, number in (("张伟", FIRST), ("李强", SECOND))
    )
    for each in (first, second):
        each.given = stage.office.set_up_codes[each.name]
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
            first.send("/desk/staff", **appointed, **paper("because", "任命1号"))
            second.approve()
        staff[name] = stage.actor(name, number, plain=name not in SEEN, wide=True)
        # Whoever registered them holds the other code already.
        staff[name].given = set_up_code(stage, second, number)
        staff[name].activate(code)
    staff["赵一"].send(
        "/desk/campaigns", kind="record_check", region=REGION, year="2026", from_month="2026-01",
        to_month="2026-10", opens_on="2026-11-02", closes_on="2026-12-31",
    )  # fmt: skip
    return staff


def register(clerk, name, number, category=""):
    """Register somebody at the counter and return their code."""
    clerk.send(
        "/desk/counter/register", id_number=number, name=name, region=REGION, category=category
    )
    return CODE.search(clerk.send(clerk.url, at="/code", code__handed="at_counter"))[0]


def set_up_code(stage, administrator, number):
    """Return the code by which somebody who was appointed sets up their second factor."""
    held = select(Appointment.id).where(Appointment.person_id == stage.key_of(number))
    page = f"/desk/staff/{stage.reads(held)[0][0]}"
    return SET_UP_CODE.search(administrator.send(page, at="/set-up-code"))[0]


def activate(stage, clerk, name, number):
    """Open the account of somebody who is registered."""
    page = f"/desk/counter/{stage.key_of(number)}"
    code = CODE.search(clerk.send(page, at="/code", code__handed="at_counter"))[0]
    found = stage.actor(name, number)
    found.activate(code)
    return found


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
        {"choice": "other", "amount": "8000"}, {"every": "month"}, {}, {"mobile": "13800001234"}, {},
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
    owner.open(owner.url)
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
    """Bill the month."""
    button = "Issue bills for the month"
    clerk.send("/desk/levy", at="/desk/levy", region=REGION, month="2026-11", button=button)
    stage.work()
    return clerk.open(clerk.url)


def bury(stage, staff, number):
    """A death takes two."""
    page = f"/desk/people/{stage.key_of(number)}"
    staff["王一"].send(
        f"{page}/contact", at="/death", died_on="2026-11-18", **paper("proof", "死亡证明1号")
    )
    staff["王二"].approve()
    assert "18 November 2026" in staff["王一"].open(page)


def put_base_right(stage, staff, number, uscc, month, base):
    """A base that was too low is corrected: what changes is looked at first, and checked."""
    clerk = staff["王一"]
    clerk.send(
        f"/desk/corrections/{stage.key_of(number)}", at="/record", kind="base", region=REGION,
        first_month=month, last_month=month, employer=uscc, base=str(base), fault="payer",
        due_on="2026-12-15", **paper("paper", "8", on="2026-11-01"),
        words=f"缴费基数改为{base}元",
    )  # fmt: skip
    assert f"CNY {base:,}.00" in clerk.says()
    clerk.go_on(at="/record", button="Send it to be checked")
    staff["王二"].approve()
    stage.work()


def yuan(fen):
    return f"{fen // 100}.{fen % 100:02d}"
