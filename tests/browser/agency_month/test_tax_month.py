"""The month once more, by the tax office's files: old data, an objection, an assessment, a pension.

Nothing in it needs a script, so that nobody has a browser here: pages are read and sent as they come.
"""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

from sqlalchemy import select

from siweb.collection.tables.payment import Payment
from siweb.rules.parameters.load import SHIPPED
from tests.browser.agency_month import old_data
from tests.browser.agency_month.agreement import hold_pages_to_the_books
from tests.browser.agency_month.old_data import OLD_FIRM, OWNER, PENSIONER, WORKER
from tests.browser.agency_month.opening import (
    HIRED,
    activate,
    bury,
    hire,
    insure_oneself,
    levy,
    open_office,
    put_base_right,
    register,
    register_employer,
    yuan,
)
from tests.browser.agency_month.stage import REGION, at
from tests.collection.conftest import COLLECTED
from tests.factories import make_id_number
from tests.papers import paper

PAID = "电子税票号码,缴费单号,缴费人名称,入库日期,险种,实缴金额"
UNREGISTERED = make_id_number(date(1992, 2, 2), 987)


def test_the_tax_office_collects_and_what_was_wrong_or_lapsed_is_put_right(build_stage):
    stage = build_stage()
    staff = open_office(stage)
    collect_by_tax_office(stage, staff)
    begin_certification(staff["赵一"])
    bring_in(stage, staff)
    flexible = insure_oneself(stage, staff)
    owner, uscc = register_employer(stage, staff)
    hire(stage, owner, uscc)
    old_owner = take_over(stage, staff)
    worker = activate(stage, staff["王一"], "何旧", WORKER)

    stage.go_to(at(11, 3))
    object_and_be_right(stage, staff, worker, old_owner)
    serve_announcement(staff["赵一"])

    stage.go_to(at(11, 10))
    assert "CNY 17,974.80" in levy(stage, staff["王一"])
    owed = hand_over(staff["王一"])
    case = report_and_propose(stage, staff["王一"])
    answer_proposal(old_owner, case)

    stage.go_to(at(11, 12))
    decide(staff["王二"], case)

    stage.go_to(at(11, 16))
    take_in(stage, staff, first_receipts(owed, old_owner))
    assert "CNY 800.00" in owner.open(f"/employer/{uscc}/bills")

    stage.go_to(at(11, 18))
    take_in(stage, staff, restated(owed))
    replace_payment(stage, staff["钱一"], "3000.20", "3800.20")
    send_back(staff["钱一"])
    assert "to pay today CNY 1,920.00" in old_owner.open(f"/employer/{OLD_FIRM}/bills")
    assert "CNY 12,678.80 Paid" in owner.open(f"/employer/{uscc}/bills")
    bury(stage, staff, HIRED[2][1])

    stage.go_to(at(11, 20))
    take_in(stage, staff, paid_again(owed))
    assert "to pay today" not in old_owner.open(f"/employer/{OLD_FIRM}/bills")
    hand_in_list(staff, "2026-11,paid,2026-11-15")

    stage.go_to(at(12, 2))
    pensioner = activate(stage, staff["王一"], "周老", PENSIONER)
    assert "suspended" in pensioner.open("/record/benefits")
    certify(pensioner)
    pay_what_was_held(staff)
    stage.go_to(at(12, 7))
    hand_in_list(staff, "2026-12,back_pay,2026-12-05")
    benefits = pensioner.open("/record/benefits")
    assert "How it stands is paid" in benefits
    assert "Back pay CNY 3,000.00 5 December 2026" in benefits

    assert "Months paid: 1 · last base CNY 8,000.00" in flexible.open("/record/2026")
    hold_pages_to_the_books(stage, at_least=100)


def line(row, number, on, amount=None):
    return (
        f"{number},{row['缴费单号']},{row['缴费人名称']},{on},{row['险种']},"
        f"{amount or row['应缴合计']}"
    )


def first_receipts(owed, old_owner):
    """Everybody pays; of one line the tax office writes another amount than it got."""
    for row in owed:
        is_wrong = row["应缴合计"] == "3800.20"
        yield line(row, f"31{row['缴费人代码'][-3:]}", "2026-11-16", is_wrong and "3000.20")
    old_owner.open(f"/employer/{OLD_FIRM}/bills")
    for address, words in old_owner.links():
        if "/bills/" in address and "November 2026" not in words.partition("·")[0]:
            amount = words.rsplit("CNY ", 1)[1].replace(",", "")
            yield f"32{amount},{int(address.rsplit('/', 1)[1]):012d},老机械厂,2026-11-16,,{amount}"


def restated(owed):
    """The amount that it wrote wrongly, and what it gave back of another receipt."""
    wrong = next(row for row in owed if row["应缴合计"] == "3800.20")
    yield line(wrong, f"31{wrong['缴费人代码'][-3:]}", "2026-11-16")
    back = next(row for row in owed if row["应缴合计"] == "1920.00")
    yield line(back, "3301", "2026-11-17", "-1920.00")


def paid_again(owed):
    back = next(row for row in owed if row["应缴合计"] == "1920.00")
    yield line(back, "3401", "2026-11-19")


def take_in(stage, staff, lines):
    """The tax office's list: handed in by one, checked by another, used by the worker."""
    text = "\n".join([PAID, *lines])
    file = {"name": "tax.csv", "mimeType": "text/csv", "buffer": text.encode("utf-8-sig")}
    staff["钱一"].send("/desk/statements", region=REGION, bank="tax", file=file)
    stage.work()
    staff["钱二"].approve()
    stage.work()


def replace_payment(stage, cashier, wrong, right):
    """What was written wrongly is taken back, and what came in its place is used."""
    keys = {
        yuan(fen): (key, remittance)
        for key, fen, remittance in stage.reads(
            select(Payment.id, Payment.amount_fen, Payment.remittance)
        )
    }
    cashier.send(f"/desk/payments/{keys[wrong][0]}", at="/reverse", reverse__on="2026-11-18")
    cashier.open("/desk/payments")
    cashier.follow(f"/desk/payments/{keys[right][0]}")
    cashier.go_on(at="/match", match__reference=keys[right][1].split()[0])


def send_back(cashier):
    """What the tax office gave back is no payment."""
    cashier.open("/desk/bank-entries")
    cashier.follow("/desk/bank-entries/")
    assert "its bills are unpaid again" in cashier.go_on(at="/return")


def certify(pensioner):
    """The recipient declares it on a phone."""
    pensioner.send("/reviews", button="Start")
    for step in (
        {"method": "self"},
        {"residence": "here", "mobile": "13800001239", "declared": "y"},
        {},
    ):
        pensioner.go_on(**step)
    assert "your benefit goes on" in pensioner.says()


def pay_what_was_held(staff):
    """Two see each month that was held back, and let it be paid."""
    reviewer = staff["赵一"]
    reviewer.open("/desk?kind=back-payments")
    reviewer.follow("/desk/review-tasks/task/")
    assert "CNY 3,000.00" in reviewer.says()
    reviewer.go_on(outcome="认证通过，补发十二月", by="list")
    assert "Checked and done." in staff["赵二"].approve()


def hand_in_list(staff, paid):
    """What the paying side paid, held to its own sum and checked by a second person."""
    month, kind, on = paid.split(",")
    text = (
        "id_number,benefit,month,entry,amount,paid_on\n"
        f"{PENSIONER},pension,{month},{kind},{old_data.PENSION},{on}\n"
    )
    file = {"name": "paid.csv", "mimeType": "text/csv", "buffer": text.encode()}
    staff["赵一"].send(
        "/desk/benefits/lists", region=REGION, rows="1", amount=str(old_data.PENSION),
        **paper("because", "支付清单11号"), file=file,
    )  # fmt: skip
    staff["赵二"].approve()


def begin_certification(reviewer):
    """Certification has no season: it is opened once."""
    reviewer.send(
        "/desk/campaigns", kind="certification", region=REGION, year="2026", from_month="2026-01",
        to_month="2026-12", opens_on="2026-11-02",
    )  # fmt: skip


def take_over(stage, staff):
    """Somebody of the old firm opens an account and is made its owner at the counter."""
    owner = activate(stage, staff["王一"], "厂主", OWNER)
    staff["王一"].send(
        f"/desk/employers/{OLD_FIRM}/owner", id_number=OWNER, **paper("because", "营业执照和委托书")
    )
    return owner


def object_and_be_right(stage, staff, worker, owner):
    """An objection is answered, upheld and corrected; then its case ends."""
    object_to_base(worker)
    agree_with_objection(owner)
    uphold(staff["赵一"])
    put_base_right(stage, staff, WORKER, OLD_FIRM, "2026-10", 12000)
    finish_correction(staff["赵一"])
    assert "Passed" in worker.open("/reviews")


def object_to_base(worker):
    """The yearly check: one month's base was too low."""
    worker.send("/reviews", button="Start")
    for step in (
        {"mobile": "13800001236"}, {}, {"verdict": "wrong"},
        {"months": ["2026-10"], "problem": "wrong_base", "claimed_base": "12000", "words": "工资条"},
        {}, {},
    ):  # fmt: skip
        worker.go_on(**step)
    assert "With the employer" in worker.says()


def agree_with_objection(owner):
    owner.open(f"/employer/{OLD_FIRM}/objections")
    owner.follow(f"/employer/{OLD_FIRM}/objections/")
    assert "Nothing waits for your answer." in owner.go_on(answer="agrees")


def uphold(reviewer):
    """The objection is decided with its reasons."""
    reviewer.open("/desk?kind=reviews")
    assert "The employer says the employee is right" in reviewer.follow("/desk/reviews/")
    verdict = reviewer.field("verdict_")
    words = verdict.replace("verdict", "words")
    assert "Decided." in reviewer.go_on(**{verdict: "yes", words: "工资条证明基数为12000元"})


def finish_correction(reviewer):
    """The case ends when the record was set right, not before."""
    reviewer.open("/desk?kind=corrections")
    reviewer.follow("/desk/review-tasks/task/")
    assert "Done." in reviewer.go_on(outcome="十月基数已改为12000元")


def serve_announcement(reviewer):
    """Nobody was there; then the announcement that the pension stops was handed over."""
    reviewer.open("/desk?kind=notices")
    reviewer.follow("/desk/service/suspension_announced/")
    reviewer.go_on(
        at="/failed", failed__way="handed_over", failed__done_on="2026-11-03",
        failed__failure="absent", **paper("failed-paper", "送达回证1号"), failed__words="上午十点上门无人",
    )  # fmt: skip
    reviewer.go_on(
        at="/served", served__way="handed_over", served__done_on="2026-11-03",
        **paper("served-paper", "送达回证2号"),
    )  # fmt: skip


def report_and_propose(stage, clerk):
    """Somebody says that nobody registered them; a case is proposed to the employer."""
    person = stage.actor("何漏", UNREGISTERED)
    person.activate(register(clerk, "何漏", UNREGISTERED))
    person.send("/my-work", employer="老机械厂", hired_on="2026-09-01", wage="9000", words="未登记")
    clerk.open("/desk/hire-reports")
    clerk.follow("/desk/hire-reports/")
    assert "CNY 6,516.00" in clerk.go_on(
        base_rule="wage", wage="9000", words="九月一日入职，未登记"
    )
    return clerk.url.rsplit("/", 1)[1]


def answer_proposal(owner, case):
    """The employer opens the proposal, which serves it, and is heard."""
    owner.open(f"/employer/{OLD_FIRM}/messages")
    owner.follow(f"/employer/{OLD_FIRM}/messages/assessment_proposed/")
    page = f"/employer/{OLD_FIRM}/assessments/{case}/answer"
    assert "The agency has your answer" in owner.send(page, answer="states", words="九月十日入职")


def decide(clerk, case):
    """Another person decides; the decision is handed over."""
    page = f"/desk/assessments/{case}"
    assert "Decided." in clerk.send(page, button="Decide", words="劳动合同证明九月一日入职")
    clerk.open("/desk?kind=notices")
    clerk.follow("/desk/service/assessment_decided/")
    clerk.go_on(
        at="/served", served__way="handed_over", served__done_on="2026-11-12",
        **paper("served-paper", "送达回证3号"),
    )  # fmt: skip


def hand_over(clerk):
    """What the tax office collects of the month: payer, insurance, amount, as it downloads it."""
    clerk.go_on(button="Make the list for the tax office")
    address = next(each for each, _words in clerk.links() if each.endswith("/due.csv"))
    rows = csv.DictReader(StringIO(clerk.download(address).removeprefix("\ufeff")))
    return [row for row in rows if row["应缴合计"] != "0.00"]


def collect_by_tax_office(stage, staff):
    """The region's pack says that the tax office collects: two put it in force."""
    pack = Path(stage.office.settings.var_dir) / f"{REGION}.toml"
    added = COLLECTED.format(insurances=list(old_data.INSURANCES)).replace("'", '"')
    pack.write_text((SHIPPED / "shanghai.toml").read_text("utf-8") + added, "utf-8")
    who = ("--operator", staff["孙一"].number, "--because", "税务征收公告〔2026〕1号")
    stage.office.run("packs", "import", str(pack), *who)
    assert "Checked and done." in staff["孙二"].approve()


def bring_in(stage, staff):
    """An old system's files: handed in by one of their function, checked by another."""
    for kind, maker, checker, lines in old_data.files(stage):
        file = Path(stage.office.settings.var_dir) / f"{kind}.csv"
        file.write_text("\n".join(lines), "utf-8")
        who = staff[maker].number
        words = ("--region", REGION, "--control", f"rows={len(lines) - 1}", "--operator", who)
        stage.office.run("bring-in", kind, str(file), *words, "--because", "移交清单3号")
        staff[checker].approve()
