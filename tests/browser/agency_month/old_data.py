"""What an old system hands over: an employer with people, their months and accounts, a pension."""

from datetime import date

from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.contributions.premium import compute_premium
from siweb.rules.numbers.money import yuan_from_fen
from siweb.web.database import database
from tests.browser.agency_month.stage import REGION
from tests.factories import make_id_number, make_uscc

OLD_FIRM, OWNER = make_uscc(), make_id_number(date(1975, 2, 3), 981)
WORKER, PENSIONER = make_id_number(date(1988, 4, 6), 983), make_id_number(date(1958, 7, 8), 985)
NAMES = {OWNER: "厂主", WORKER: "何旧", PENSIONER: "周老"}
INSURANCES = ("pension", "medical", "unemployment", "work_injury", "maternity")
MONTHS = ("2026-08", "2026-09", "2026-10")
BASE_FEN = 800_000
PENSION = 3_000
_RECORDS = (
    "id_number,month,insurance,scheme,uscc,declared_base,base,employer_share,"
    "employee_share,account_share,paid_on"
)


def files(stage):
    """Each kind with its lines, in the order in which they are brought in, and who checks it."""
    number = f"{WORKER},"
    yield (
        "people",
        "王一",
        "王二",
        ["id_number,name"] + [f"{n},{name}" for n, name in NAMES.items()],
    )
    yield (
        "employers", "王一", "王二",
        [
            "uscc,name,kind,industry_code,injury_class,established_on",
            f"{OLD_FIRM},老机械厂,enterprise,C34,1,2001-05-01",
        ],
    )  # fmt: skip
    yield (
        "employments", "王一", "王二",
        ["id_number,uscc,hired_on", f"{WORKER},{OLD_FIRM},2015-03-01"],
    )  # fmt: skip
    yield (
        "enrolments", "王一", "王二",
        ["id_number,insurance,scheme,uscc,from_month"]
        + [f"{number}{insurance},employee,{OLD_FIRM},2026-08" for insurance in INSURANCES],
    )  # fmt: skip
    yield (
        "bases", "王一", "王二",
        ["id_number,uscc,from_month,declared_base", f"{number}{OLD_FIRM},2026-08,8000"],
    )  # fmt: skip
    yield (
        "records", "王一", "王二",
        [
            _RECORDS,
            *_months(stage),
        ],
    )  # fmt: skip
    yield (
        "accounts", "钱一", "钱二",
        ["id_number,year,kind,month,amount", f"{number}2026,opening,,61234.56"]
        + [f"{number}2026,credit,{month},640" for month in MONTHS],
    )  # fmt: skip
    yield (
        "benefits", "赵一", "赵二",
        [
            "id_number,kind,monthly,from_month,certified_on",
            f"{PENSIONER},pension,{PENSION},2018-08,2025-11-05",
        ],
    )  # fmt: skip


def _months(stage):
    """The months as the law made them: what the old system billed was right, but for a base."""
    with database(stage.office.app).readers() as session:
        packs = packs_in_force(session)
    for month in MONTHS:
        parameters = packs.parameters(REGION, month)
        for insurance in INSURANCES:
            due = compute_premium(parameters.premium_terms(insurance, "employee"), BASE_FEN)
            account = due.employee if insurance == "pension" else 0
            shares = ",".join(map(yuan_from_fen, (due.employer, due.employee, account)))
            yield f"{WORKER},{month},{insurance},employee,{OLD_FIRM},8000,8000,{shares},{month}-15"
