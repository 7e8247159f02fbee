"""What staff begin at the desk before looking around: money, levies, decisions, their own code."""

import re
from io import BytesIO

from siweb import clock
from siweb.desk.employers.pages.head import PARTS as EMPLOYER_PARTS
from siweb.desk.people.pages.head import PARTS
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.web.database import database
from tests import factories
from tests.collection.statements.make_statements import balances, camt, entry
from tests.evidence.scans import pdf, upload
from tests.pages.begin.desk_endings import check, endings
from tests.pages.begin.desk_factor import second_factor
from tests.pages.begin.desk_opened import counter, opening
from tests.pages.begin.desk_relatives import relatives
from tests.pages.begin.desk_signs import signs
from tests.pages.read_page import ReadPage
from tests.pages.refuse import refuse
from tests.papers import paper
from tests.second_person import check_all


def levy(walk):
    """Look at a month, bill it, adjust it: each is worked through before the next."""
    asked = {"region": "310000", "month": "2026-11"}
    refuse(walk, "/desk/levy", month="never", region="310000")
    refuse(walk, "/desk/levy/adjust", region="310000", reason="")
    for do in ("preview", "bill"):
        run = walk.send("/desk/levy", do=do, **asked)
        walk.look(run)
        walk.work()
        walk.look(f"{run}/without-base")
    walk.send(f"{run}/hand-over")
    walk.look("/desk/levy/tax-office/2/due.csv")


def search(walk):
    """Find people by a name, in characters and pinyin, an employer, and nobody."""
    for typed in ("王", "zhang", "公司", "nowhere at all"):
        walk.look(f"/desk/search?q={typed}")
    walk.look("/desk/search?nobody=1")


def accounts(walk):
    """Bring an account in, send another out, register a death: each page as it then is."""
    refuse(walk, "/desk/people", id_number="1")
    refuse(walk, "/desk/limits", above="-1")
    refuse(walk, "/desk/parameters", because="")
    refuse(walk, "/desk/staff", id_number="1")
    walk.send(
        "/desk/staff",
        id_number=walk.sign_ins["Flexible worker"]["id_number"],
        function="audit",
        agency="0",
        **paper("because", "任命3号"),
    )
    numbers = [
        walk.sign_ins[who]["id_number"] for who in ("Flexible worker", "Helper (a relative)")
    ]
    living, dead = (walk.send("/desk/people", id_number=number) for number in numbers)
    refuse(walk, f"{living}/bring-in", other_region="")
    # By the form: what is tried and refused runs the action's statements besides the page's.
    refuse(walk, f"{living}/send-out", to_region="成都市", **paper("letter", ""))
    walk.send(
        f"{living}/bring-in",
        other_region="南京市",
        from_month="2010-01",
        through_month="2010-12",
        months="12",
        amount="1000",
        **paper("certificate", "转移信息表8号"),
    )
    walk.look("/desk?kind=task")
    walk.look(living)
    for part in PARTS:
        if part.endpoint == "people_desk.show_part":
            walk.look(f"{living}/{part.name}")
    refuse(walk, f"{living}/notes", words="")
    walk.send(f"{living}/notes", words="带错了户口簿，周三再来", reader="registration")
    walk.look(f"{living}/notes")
    walk.look(f"{living}/notes?corrects=1")
    refuse(walk, f"{dead}/death", died_on="")
    walk.send(f"{dead}/death", died_on="2026-11-01", **paper("proof", "死亡证明1号"))
    with database(walk.office).writers() as session:
        check_all(session)
    walk.look(dead)
    refuse(walk, f"{dead}/heirs", **paper("succession", ""), scans=upload(b"no scan"))
    walk.send(f"{dead}/heirs", **paper("succession", "公证书7号"), scans=upload(pdf()))


def employers(walk):
    """Find an employer, and send what the agency decides of its rate."""
    walk.look("/desk/employers?q=nobody")
    found = ReadPage(walk.look("/desk/employers?q=上海").text).pages
    page = next(one for one in found if one.startswith("/desk/employers/9"))
    refuse(walk, f"{page}/injury-rate", injury_class="9")
    walk.send(
        f"{page}/injury-rate",
        injury_class="8",
        injury_tier="1500000",
        from_month="2027-01",
        **paper("because", "费率核定书7号"),
    )
    walk.look(page)
    for part in EMPLOYER_PARTS[1:]:
        walk.look(f"{page}/{part.name}")


def payments(walk):
    """Look at money nobody could match, at arrears, and hand a statement in."""
    waiting = ReadPage(walk.look("/desk/payments").text).pages
    payment = next(one for one in waiting if one.startswith("/desk/payments/"))
    for deed in ("match", "refund", "reverse"):
        refuse(walk, f"{payment}/{deed}")
    refuse(walk, f"{payment}/keep", **{"keep-reference": "1"})
    owing = ReadPage(walk.look("/desk/arrears").text).pages
    arrears = next(one for one in owing if one.startswith("/desk/arrears/"))
    for deed in ("notice", "defer", "plan", "write-off"):
        refuse(walk, f"{arrears}/{deed}")
    refuse(walk, "/desk/statements", bank="")
    told = {
        "region": "310000",
        "bank": "示范银行",
        "file": (BytesIO("日期,收入\n".encode()), "a.csv"),
    }
    statement = walk.look("/desk/statements", data=told).location
    refuse(walk, f"{statement}/columns", day="")
    walk.look(statement)
    walk.send(
        f"{statement}/columns",
        day="日期",
        day_shape="%Y-%m-%d",
        credit="收入",
        encoding="utf-8-sig",
        delimiter=",",
        skipped_lines="0",
    )
    walk.look(statement)
    bank_entries(walk)


def bank_entries(walk):
    """Hand in what contradicts itself, is a stranger's, or waits for a person; look at each."""
    odd = (
        entry(day="2026-11-20"),
        entry(ref="R", day="2026-11-20", side="DBIT", reversal="true"),
        entry(ref="F", day="2026-12-31"),
    )
    for number, content in enumerate(
        (
            camt(*odd),
            camt(balances("0.00", "1.00"), entry(ref="D")),
            camt(entry(), account="99990000"),
        )
    ):
        file = (BytesIO(content), f"{number}.xml")
        handed_in = walk.look(
            "/desk/statements", data={"region": "310000", "bank": "示范银行", "file": file}
        ).location
        with database(walk.office).writers() as session:
            check_all(session)
        walk.work()
        walk.look(handed_in)
        refuse(walk, f"{handed_in}/withdraw")
        if number == 1:
            refuse(walk, f"{handed_in}/confirm")
    refuse(walk, "/desk/statements/accounts", number="1")
    waiting = ReadPage(walk.look("/desk/bank-entries").text).pages
    for page in (each for each in waiting if each.startswith("/desk/bank-entries/")):
        for action in ("book", "return", "dismiss"):
            refuse(walk, f"{page}/{action}")


def staff(walk):
    walk.send("/desk/levy/1/hand-over")
    walk.look("/desk/levy/tax-office/1/due.csv")  # what is read on does not age the next page
    payments(walk)
    levy(walk)
    search(walk)
    accounts(walk)
    counter(walk)
    opening(walk)
    employers(walk)
    waiting = walk.look("/desk?kind=reviews").text
    walk.look("/desk/review-tasks/visits")
    # Nothing was ticked: the list is shown again, and says so.
    refuse(walk, "/desk", to="0")
    for case in (one for one in ReadPage(waiting).pages if one.startswith("/desk/reviews/")):
        refuse(walk, case, verdict="perhaps")
    decide_review(walk)
    listed = ReadPage(walk.look("/desk?kind=complaints").text).pages
    complaint = next(each for each in listed if each.startswith("/desk/complaints/"))
    refuse(walk, complaint, outcome="perhaps")
    scans = ReadPage(walk.look(complaint).text).pages
    walk.look(next(each for each in scans if each.startswith("/desk/evidence/")))
    walk.look(complaint)
    walk.send(complaint, outcome="rejected", words="工资与申报一致。")
    serve_notice(walk)
    pensions(walk)
    benefits(walk)
    payouts(walk)
    signs(walk)
    relatives(walk)
    transfers(walk)
    endings(walk)
    second_factor(walk)


def pensions(walk):
    """Refuse what cannot be proposed, then approve: a second person checks it."""
    listed = ReadPage(walk.look("/desk?kind=pensions").text).pages
    application = next(each for each in listed if each.startswith("/desk/pensions/"))
    refuse(walk, f"{application}/approve", index="2")
    refuse(walk, f"{application}/refuse", reasons="")
    walk.send(f"{application}/approve", **paper("papers", "档案8号"))
    task = next(
        each for each in ReadPage(walk.look(application).text).pages if "/desk/tasks/" in each
    )
    walk.look(task)
    # A decision is a paper, whose code comes of the office's key.
    with walk.office.app_context(), database(walk.office).writers() as session:
        check_all(session)
    walk.look(application)


def benefits(walk):
    """Hand in a list of what was paid: first with a problem, then only to look."""
    refuse(walk, "/desk/benefits/lists", rows="many")
    number = walk.sign_ins["Pension recipient (overdue)"]["id_number"]
    for month in ("1999-01", "2026-11"):
        row = f"{number},养老金,{month},3000,2026-11-02"
        text = f"证件号码,待遇类别,待遇所属期,发放金额,发放日期\n{row}\n"
        told = {
            "region": "310000",
            "rows": "1",
            "amount": "3000",
            **paper("because", "发放清单11号"),
            "dry_run": "y",
            "file": (BytesIO(text.encode()), "list.csv"),
        }
        walk.look("/desk/benefits/lists", data=told)


def payouts(walk):
    """Name the account of the heirs, and release a file: the bank's answer is none."""
    refuse(walk, "/desk/payouts/release", on="never")
    refuse(walk, "/desk/payouts/answers")
    listed = ReadPage(walk.look("/desk/payouts").text).pages
    payout = next(each for each in listed if re.fullmatch(r"/desk/payouts/\w{10}", each))
    refuse(walk, f"{payout}/payee", account="1")
    named = {"name": "王芳", "account": "100123456789", **paper("because", "公证书7号")}
    walk.send(f"{payout}/payee", **named)
    walk.look(payout)
    check(walk)
    form = walk.look("/desk/payouts").text
    account = re.search(r'name="account".*?<option[^>]* value="(\d+)"', form, re.DOTALL)
    told = {
        "region": "310000",
        "account": account[1],
        "on": "2026-12-31",
        **paper("because", "付款单1号"),
    }
    walk.send("/desk/payouts/release", **told)
    walk.look("/desk?kind=task")
    check(walk)
    listed = ReadPage(walk.look("/desk/payouts").text).pages
    file = next(each for each in listed if each.startswith("/desk/payouts/files/"))
    walk.look(f"{file}/pain.001.xml")


def serve_notice(walk):
    """Record in vain and wrongly how the answer was served, then rightly."""
    listed = ReadPage(walk.look("/desk?kind=notices").text).pages
    notice = next(each for each in listed if "/complaint_answered/" in each)
    refuse(walk, f"{notice}/served", **{"served-way": "perhaps"})
    refuse(walk, f"{notice}/failed", **{"failed-way": "perhaps"})
    failed = {
        "way": "posted",
        "failure": "returned",
        "words": "查无此人",
        "tracking_number": "EMS1",
    }
    failed |= {"done_on": clock.today().isoformat(), **paper("paper", "退回的信封")}
    walk.send(f"{notice}/failed", **{f"failed-{name}": value for name, value in failed.items()})
    walk.look(notice)


def transfers(walk):
    """Take each step of a transfer, with what is refused on the way."""
    listed = ReadPage(walk.look("/desk?kind=transfers").text).pages
    transfer = next(each for each in listed if each.startswith("/desk/transfers/"))
    refuse(walk, f"{transfer}/step", **paper("paper", ""))
    refuse(walk, f"{transfer}/refuse", reasons="")
    for number in ("同意接收函8号", "信息表8号"):
        walk.send(f"{transfer}/step", **paper("paper", number, on=f"{clock.today()}"))
        walk.look(transfer)
    refuse(walk, f"{transfer}/fund", **paper("papers", ""))


def decide_review(walk):
    """Uphold the objections of the employee's case, and look at the tasks that follow."""
    case = f"/desk{walk.office.config['WALKED_CASE']}"
    names = set(re.findall(r'name="(verdict_\d+)"', walk.look(case).text))
    decided = dict.fromkeys(names, "yes")
    decided |= {name.replace("verdict", "words"): "查了工资表" for name in names}
    walk.send(case, **decided)
    listed = ReadPage(walk.look("/desk?kind=corrections").text).pages
    task = next(each for each in listed if "/task/" in each)
    refuse(walk, task, outcome="")
    # Words alone correct nothing: the record has to be right first.
    refuse(walk, task, outcome="已补记")
    pages = ReadPage(walk.look(task).text).pages
    correct_record(walk, next(each for each in pages if each.startswith("/desk/corrections/")))


def correct_record(walk, address):
    """Look at what a correction changes, and send it to be checked."""
    page, _question, asked = address.partition("?")
    refuse(walk, f"{page}/preview", kind="")
    employer = re.search(r'name="employer"[^>]* value="(\w{18})"', walk.look(address).text)
    typed = {
        "kind": "base",
        "region": "310000",
        "first_month": "2026-10",
        "last_month": "2026-10",
        "employer": employer[1],
        "base": "9500",
        "fault": "office",
        "due_on": "2026-12-31",
        **paper("paper", "8", on="2026-11-01"),
        "words": "缴费基数已更正",
        "objection": asked.partition("=")[2],
    }
    assert walk.look(f"{page}/preview", data=typed).status_code == 200
    walk.send(f"{page}/record", **typed)
    walk.look(page)
    correct_identity(walk, page.replace("/corrections/", "/identity/"))
    with walk.office.app_context(), database(walk.office).writers() as session:
        check_all(session)
    walk.look(page.replace("/corrections/", "/identity/"))
    join_registrations(walk, page.replace("/corrections/", "/merging/"))


def join_registrations(walk, page):
    """Register somebody once more, look at what joining the two changes, and let it be done."""
    with database(walk.office).writers() as session:
        person = session.get_one(Person, int(page.rpartition("/")[2]))
        again = factories.make_person(session, region_code=person.region_code).id_number
        session.commit()
    typed = {
        "id_number": again,
        **paper("difference", "户口簿4号"),
        **paper("paper", "9", on="2026-11-01"),
    }
    refuse(walk, f"{page}/preview", id_number="1")
    assert walk.look(f"{page}/preview", data=typed).status_code == 200
    walk.send(f"{page}/join", **typed)
    walk.look("/desk?kind=task")
    with walk.office.app_context(), database(walk.office).writers() as session:
        check_all(session)
    walk.look(page)
    separate_registrations(walk)


def separate_registrations(walk):
    """Look at what separating two that were joined changes, and send it."""
    with database(walk.office).writers() as session:
        two = [factories.make_person(session, region_code="310000") for _each in range(2)]
        session.add(PersonAlias(former_id=two[0].id, person_id=two[1].id, merged_at=clock.now()))
        page = f"/desk/merging/{two[0].id}/separate"
        session.commit()
    walk.look(page)
    refuse(walk, f"{page}/preview", **paper("paper", ""))
    typed = paper("paper", "公安证明9号", on="2026-11-01")
    assert walk.look(f"{page}/preview", data=typed).status_code == 200
    walk.send(page, **typed)
    walk.look(page)


def correct_identity(walk, page):
    """Look at what a corrected birth date touches, and send it to be checked."""
    shown = walk.look(page).text
    name, born_on = (
        re.search(rf'name="{each}"[^>]* value="([^"]+)"', shown)[1] for each in ("name", "born_on")
    )
    typed = {
        "name": name,
        "sex": "M",
        "born_on": f"{int(born_on[:4]) - 2}{born_on[4:]}",
        "basis": "mistaken",
        **paper("paper", "5", on="2026-11-01"),
    }
    refuse(walk, f"{page}/preview", name="")
    assert walk.look(f"{page}/preview", data=typed).status_code == 200
    walk.send(f"{page}/correct", **typed)
    walk.look("/desk?kind=task")
