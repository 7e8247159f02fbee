"""What each person begins before looking around, so that steps, drafts and errors are seen too."""

from datetime import date, timedelta
from io import BytesIO

from siweb import clock
from siweb.audit.actor import SYSTEM
from siweb.auth.credentials.account import account_of
from siweb.auth.helping.give import Grant, give_mandate
from siweb.auth.tables.help_mandate import HelpBasis, HelpKind
from siweb.portal.guide.contents import PAGES
from siweb.registry.codes import RetirementCategory
from siweb.registry.find_person import find_person
from siweb.registry.tables.person import Person
from siweb.web.database import database
from tests import factories
from tests.evidence.scans import jpeg, png, upload
from tests.pages.begin.desk_beginnings import staff
from tests.pages.begin.desk_opened import from_counter
from tests.pages.begin.insured_alone import insure_oneself, name_account
from tests.pages.begin.linked import link_sign_in
from tests.pages.read_page import ReadPage
from tests.pages.refuse import refuse

PHONE = "13800001234"


def start_review(walk):
    """Begin what is due; return the address of the case."""
    campaign = ReadPage(walk.look("/reviews").text).value_of("campaign")
    return walk.send("/reviews/start", campaign=campaign).removesuffix("/resume")


def nobody(walk):
    refuse(walk, "/sign-in", id_number="310101", password="wrong")
    refuse(walk, "/activate", id_number="1")
    for address in (
        "/city-services/cities?q=hang",
        "/city-services/cities?q=nowhere",
        "/verify?code=ABCD",
        "/verify/ABCDEFGHJKMNPQRSTVWX",
        "/cities/310000/calculators/premium-employee?wage=9000",
        "/cities/310000/calculators/premium-employer?wages=9000&injury_class=1&injury_tier=1000000",
        "/cities/330100/calculators/premium-flexible?base=6000",
        "/cities/330100/calculators/retirement-date?birth_month=1972-09&category=male",
        "/cities/310000/calculators/late-fee?arrears=100&due_on=2026-01-15&paid_on=2026-02-03",
        "/cities/310000/calculators/late-fee?arrears=many",
        "/cities/120000",
        "/guides/annual-review",
        "/guide/",
        # Of one view some addresses are followed; a guide is another page each time.
        *(f"/guide/{audience}/{page}" for audience, pages in PAGES.items() for page in pages),
        "/v",
        "/privacy",
        "/accessibility",
        "/contact",
        "/components",
        "/no-such-page",
    ):
        walk.look(address)


def employee(walk):
    link_sign_in(walk)
    from_counter(walk)
    case = start_review(walk)
    for step in ("contact", "insurances", "months", "account"):
        refuse(walk, f"{case}/steps/{step}", verdict="perhaps", name_is="wrong")
        walk.send(f"{case}/steps/{step}", seen=0, verdict="right", name_is="right", mobile=PHONE)
    walk.look(f"{case}/check")
    walk.look(f"{case}/steps/contact?change=yes")
    walk.send(f"{case}/steps/months?change=yes", seen=1, verdict="wrong")
    question(walk, case, problem="wrong_base", claimed_base="12000")
    walk.send(f"{case}/check", go="yes")
    refuse(walk, f"{case}/add", words="", scans=upload(b"no scan"))
    walk.send(f"{case}/add", words="附上工资条", scans=upload(png()))
    walk.look(f"{case}/take-back")
    walk.look("/pension/what-if?base=1&last_year=1&from_month=soon")
    certificates = "/certificates/contribution_certificate"
    refuse(walk, certificates, from_month="2026-10", to_month="2026-01", layout="months")
    months = {"from_month": "2025-01", "to_month": "2026-10", "layout": "months"}
    walk.look(walk.send(certificates, **months))
    share(walk)
    walk.office.config["WALKED_CASE"] = case


def share(walk):
    """Let somebody see a little of the record, and look at it as they do."""
    refuse(walk, "/share-codes/new", for_whom="", years="99", valid_until_on="soon")
    shown = ["insured_now", "months", "base_band", "pension_income"]
    until = (clock.today() + timedelta(days=14)).isoformat()
    code = walk.send(
        "/share-codes/new",
        for_whom="示范银行",
        shown=shown,
        years="2",
        valid_until_on=until,
        uses_allowed="3",
    )
    refuse(walk, "/shared", code="3")
    written = walk.look(code).text.partition("<code>")[2].partition("</code>")[0]
    walk.look(walk.send("/shared", code=written))
    walk.look(code)


def question(walk, case, **more):
    asked = {"months": ["2025-03", "2025-04"], "words": "工资条"}
    walk.send(f"{case}/steps/questions", seen=0, stay="yes", **asked, **more)


def employee_with_a_question(walk):
    case = start_review(walk)
    walk.send(f"{case}/steps/contact", seen=0, name_is="right", mobile=PHONE)
    walk.send(f"{case}/steps/insurances", seen=0, verdict="right")
    walk.send(f"{case}/steps/months", seen=0, verdict="wrong")
    refuse(walk, f"{case}/steps/questions", words="工资条")
    question(walk, case, problem="missing")
    walk.look(f"{case}/steps/questions")
    walk.send(f"{case}/steps/account", seen=0, verdict="right")
    walk.send(f"{case}/check", go="yes")
    refuse(walk, "/complaints/new", kind="too_little", scans=upload(jpeg()))
    words = "工资一万元，只按五千元申报。"
    asked = {"kind": "too_little", "employer": "示范公司", "from_month": "2026-03"}
    walk.send("/complaints/new", **asked, words=words, scans=upload(png()))


def flexible_worker(walk):
    case = start_review(walk)
    walk.send(f"{case}/steps/contact", seen=0, name_is="right", mobile=PHONE)
    refuse(walk, f"{case}/steps/base", choice="other", amount="1")
    walk.look(f"{case}/steps/base", data={"choice": "other", "amount": "6000", "preview": "yes"})
    walk.look(f"{case}/premium?choice=other&amount=1")
    walk.send(f"{case}/steps/base", seen=0, choice="other", amount="6000")
    pay_online(walk, "/bills")
    walk.look(f"{case}/check")
    state_medical_status(walk)
    insure_oneself(walk)
    name_account(walk)
    transfer(walk)


def state_medical_status(walk):
    """State another one than the register has, so that the desk has it to examine."""
    buttons = ReadPage(walk.look("/reviews").text).buttons
    campaign = [value for name, value in buttons if name == "campaign"][-1]
    case = walk.send("/reviews/start", campaign=campaign).removesuffix("/resume")
    walk.send(f"{case}/steps/contact", seen=0, name_is="right", mobile=PHONE)
    refuse(walk, f"{case}/steps/status", status="elsewhere", place="")
    walk.send(f"{case}/steps/status", seen=0, status="student")
    refuse(walk, f"{case}/steps/relief", relief="perhaps")
    walk.send(f"{case}/steps/relief", seen=0, relief="allowance")
    walk.look(f"{case}/check")
    walk.send(f"{case}/check", go="yes")


def transfer(walk):
    """Whoever stopped takes along what was paid: every step with its errors, and withdrawn."""
    for is_last in (False, True):
        case = walk.send("/transfer/start", go="yes").rpartition("/")[0]
        for step, given in {
            "direction": {"direction": "out"}, "region": {"other_region": "江苏省南京市"},
        }.items():  # fmt: skip
            refuse(walk, f"{case}/{step}")
            walk.send(f"{case}/{step}", seen=0, **given)
        walk.look(f"{case}/check")
        address = walk.send(f"{case}/check", go="yes")
        walk.look(address)
        if not is_last:
            walk.send(f"{address}/withdraw", go="yes")


def pay_online(walk, bills):
    """Begin to pay a bill, at the demonstration's bank."""
    bill = next(one for one in ReadPage(walk.look(bills).text).pages if one.startswith(f"{bills}/"))
    payment = walk.send(f"{bill}/pay", go="yes")
    bank = next(one for one in ReadPage(walk.look(payment).text).pages if "bank?" in one)
    walk.look(bank)


def recipient(walk):
    case = start_review(walk)
    walk.look(f"{case}/steps/confirm")
    walk.send(f"{case}/steps/confirm", seen=0)
    walk.send(f"{case}/check", go="yes")


def overdue_recipient(walk):
    case = start_review(walk)
    walk.look(f"{case}/steps/method")
    for version, method in enumerate(("self", "relative", "visit", "window")):
        walk.send(f"{case}/steps/method?change=yes", seen=version, method=method)
        step = {"self": "residence"}.get(method, method)
        walk.look(f"{case}/steps/{step}")


def helper(walk):
    refuse(walk, "/reviews/help", id_number="1", name="")
    recipient = walk.sign_ins["Pension recipient (overdue)"]
    resume = walk.send("/reviews/help", id_number=recipient["id_number"], name=recipient["name"])
    walk.look(walk.look(resume).location)
    help_by_mandate(walk)


def help_by_mandate(walk):
    """Act for an employee with every kind of mandate, which the employee gave by a code."""
    refuse(walk, "/helpers/new", helper_name="", until_on="soon")
    until = (clock.today() + timedelta(days=30)).isoformat()
    walk.send("/helpers/new", helper_name="张三", kinds=["record"], until_on=until)
    walk.look("/helpers")
    refuse(walk, "/helpers/use", code="1234")
    with database(walk.office).writers() as session:
        numbers = [walk.sign_ins[who]["id_number"] for who in (
            "Employee (all correct)", "Helper (a relative)",
        )]  # fmt: skip
        helped, helper = (find_person(session, number) for number in numbers)
        account = session.scalars(account_of(helper)).one()
        grant = Grant(helped, frozenset(HelpKind), clock.today(), HelpBasis.CODE)
        by = {"actor": SYSTEM, "on": clock.today(), "at": clock.now()}
        reference = give_mandate(session, grant, account, **by).reference
        session.commit()
    walk.look(f"/for/{reference}")
    walk.look(f"/for/{reference}/not-covered")


def owner(walk):
    walk.look("/employer/register")
    register = walk.send("/employer/register", go="yes").rsplit("/", 1)[0]
    refuse(walk, f"{register}/code", uscc="9131")
    steps = {
        "code": {"uscc": factories.make_uscc(), "name": "新办公司", "kind": "enterprise"},
        "industry": {"industry_code": "C21", "established_on": "2026-11-02"},
        "addresses": {"address": "示范路1号", "phone": "021-12345678"},
        "people": {
            "legal_representative": "王芳",
            "handler_name": "李雷",
            "handler_phone": PHONE,
        },
        "bank": {"bank_name": "示范银行", "bank_account": "622200001111"},
        "insurances": {"insurances": ["pension", "medical"]},
    }
    for step, typed in steps.items():
        walk.look(f"{register}/{step}")
        walk.send(f"{register}/{step}", seen=0, region_code="310000", **typed)
    walk.look(f"{register}/check")
    home = next(one for one in ReadPage(walk.look("/employer").text).pages if len(one) == 28)
    refuse(walk, f"{home}/hire", id_number="1")
    sheet(walk, home)
    own_columns(walk, home)
    refuse(walk, f"{home}/tokens", name="")
    walk.look(
        f"{home}/tokens",
        data={"name": "工资软件", "scopes": ["read"], "expires_on": "2027-01-31"},
    )
    pay_online(walk, f"{home}/bills")
    refuse(walk, f"{home}/mandates/grant", id_number="1")
    draft = walk.send(
        f"{home}/hire",
        id_number=factories.make_id_number(date(1990, 5, 1), serial=7101),
        name="陈新",
        hired_on="2026-11-02",
        wage_fen="9000.50",
        start_month="2026-11",
        insurances=["pension", "medical"],
        form="full_time",
        contract_type="open",
        reason="new",
    )
    walk.look(draft)
    objections = ReadPage(walk.look(f"{home}/objections").text).pages
    objection = next(one for one in objections if one.startswith(f"{home}/objections/"))
    refuse(walk, objection, answer="disagrees")
    walk.send(objection, answer="agrees", words="")
    last = walk.sign_ins["Employee (all correct)"]["id_number"][-4:]
    first = ReadPage(walk.look(f"{home}/people?q={last}").text).pages
    employee = next(one for one in first if one.startswith(f"{home}/people/"))
    refuse(walk, f"{employee}/base", total_wage_fen="much")
    walk.send(
        f"{walk.send(f'{employee}/base', total_wage_fen='120000', months='12')}/confirm", go="yes"
    )


def sheet(walk, home):
    """Upload a list with a good and a wrong row, look while it waits, correct, send."""
    refuse(walk, f"{home}/sheets/hire", month="never")
    lines = [
        "姓名,公民身份号码,入职日期,月工资,女职工岗位",
        *(
            f"陈新,{factories.make_id_number(date(1991, 5, 1), serial=serial)},{day},9000,工人岗位"
            for serial, day in ((7301, "2026-11-02"), (7303, "下周"))
        ),
    ]
    file = (BytesIO("\n".join(lines).encode("gb18030")), "list.csv")
    draft = walk.look(f"{home}/sheets/hire", data={"file": file, "month": "2026-11"}).location
    walk.look(draft)
    walk.work()
    walk.look(draft)
    walk.look(f"{draft}?state=refused&code=cell_day")
    refuse(walk, f"{draft}/rows/3", hired_on="soon")
    walk.look(f"{draft}/returned.xlsx")
    walk.send(f"{draft}/confirm", go="yes")


def own_columns(walk, home):
    """Upload a list whose headings nobody knows, and look at what is asked about its columns."""
    number = factories.make_id_number(date(1991, 5, 1), serial=7305)
    lines = ["员工,证号,哪天来的,给多少钱", f"陈新,{number},2026-11-02,9000"]
    file = (BytesIO("\n".join(lines).encode("gb18030")), "own.csv")
    draft = walk.look(f"{home}/sheets/hire", data={"file": file, "month": "2026-11"}).location
    walk.work()
    walk.look(draft)
    walk.look(f"{draft}/columns")
    refuse(walk, f"{draft}/columns", row="1")


def declared(walk):
    asked = ReadPage(walk.look("/declared").text).pages
    refuse(walk, next(one for one in asked if one.endswith("/object")), words="")
    corrected = ReadPage(walk.look("/corrections").text).pages
    for kind in ("/corrections/identity/", "/corrections/joined/", "/corrections/"):
        walk.look(next(each for each in corrected if each.startswith(kind)))


def agent(walk):
    walk.look("/employer")
    apply_for_pension(walk)


def apply_for_pension(walk):
    """Come of age, and apply: every step with its errors, up to the paper and its withdrawal."""
    number = walk.sign_ins["Agent (two employers)"]["id_number"]
    with database(walk.office).writers() as session:
        person = session.get_one(Person, find_person(session, number))
        person.born_on, person.deemed_months = date(1963, 6, 5), 180
        person.retirement_category = RetirementCategory.MALE
        session.commit()
    answers = {
        "month": {"from_month": "2026-12"},
        "bank": {"bank_name": "示范银行", "bank_card": "6222021234567890128"},
        "delivery": {"mobile": PHONE, "address": "示范路1号"},
    }
    for is_last in (False, True):
        case = walk.send("/pension/start", go="yes").rpartition("/")[0]
        for step, given in answers.items():
            refuse(walk, f"{case}/{step}", bank_card="1")
            walk.send(f"{case}/{step}", seen=0, **given)
        walk.look(f"{case}/check")
        application = walk.send(f"{case}/check", go="yes")
        walk.look(application)
        if not is_last:
            walk.send(f"{application}/withdraw", go="yes")


def pensioner(walk):
    """Read what was decided, with its paper."""
    listed = ReadPage(walk.look("/pension").text).pages
    walk.look(next(each for each in listed if each.startswith("/pension/applications/")))


BEGINNINGS = (
    (None, nobody),
    ("Employee (all correct)", employee),
    ("Employee (a month is missing)", employee_with_a_question),
    ("Flexible worker", flexible_worker),
    ("Pension recipient (known to be well)", recipient),
    ("Pension recipient (overdue)", overdue_recipient),
    ("Helper (a relative)", helper),
    ("Employer's owner (first city)", owner),
    ("Agent (two employers)", agent),
    ("Agency staff", staff),
    ("Employee (all correct)", declared),
    ("Agent (two employers)", pensioner),
)
