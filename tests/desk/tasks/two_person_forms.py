"""What each two-person form of the desk is about: its page, its address and what is typed."""

from datetime import date

from sqlalchemy import select

from siweb.audit.actor import SYSTEM, Actor
from siweb.auth.staff.relatives import Declared, declare_relation
from siweb.auth.tables.appointment import Appointment, Function
from siweb.auth.tables.help_mandate import HelpBasis, HelpKind, HelpMandate
from siweb.auth.tables.staff_relation import Relation
from siweb.collection.tables.bank_statement import BankStatement, StatementFormat
from siweb.ledgers.tables.temporary_account import TemporaryAccount
from siweb.registry.register_death import register_death
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.task import TaskResult, TaskState
from siweb.reviews.tasks.resident import end_resident
from tests import factories
from tests.auth.second_factor import give_factor
from tests.bills import PACK_REGION
from tests.collection.statements.make_statements import camt, entry, register
from tests.conftest import NOW
from tests.desk.corrections.correcting_forms import CorrectingOffice
from tests.desk.statements.test_statements import COLUMNS
from tests.desk.tasks.test_once import Office
from tests.keeping.old_scans import make_hold, make_old_scan
from tests.levies import BEIJING, MONTH, levy
from tests.papers import paper
from tests.reviews.begin.make_reopening import reopen_now
from tests.reviews.kinds.make_status import make_status_task
from tests.rules.packs import limits, pack_text
from tests.sign_in import appoint


class Forms(CorrectingOffice, Office):
    """What each two-person form is about: its page, its address and what is typed."""

    def adjust(self):
        levy(self.session)
        typed = {
            "region": BEIJING, "first_month": MONTH, "last_month": MONTH, "due_on": "2026-12-15",
            "waived_until": "2026-11-30", "reason": "京人社〔2026〕1号", **paper("notice", "1号"),
        }  # fmt: skip
        return "/desk/levy", "/desk/levy/adjust", typed

    def hand_in(self):
        factories.make_region(self.session, PACK_REGION)
        register(self.session)
        typed = {"region": PACK_REGION, "bank": "示范银行", "account": "", "file": camt(entry())}
        return "/desk/statements", "/desk/statements", typed

    def reopen(self, closes_on=date(2026, 10, 31)):
        region = factories.make_region(self.session, PACK_REGION).code
        campaign = Campaign(
            region_code=region, kind=ReviewKind.RECORD_CHECK, year=2026,
            period_from_month="2026-01", period_to_month="2026-12", opens_on=date(2026, 9, 1),
            closes_on=closes_on, rules={},
        )  # fmt: skip
        self.session.add(campaign)
        self.session.flush()
        page = f"/desk/campaigns/{campaign.id}"
        typed = {"reopen-until": "2026-12-31", **paper("reopen-because", "1号", kind="decision")}
        return f"{page}/reopening", f"{page}/reopen", typed

    def close_again(self):
        page, _address, _typed = self.reopen()
        campaign_id = int(page.split("/")[3])
        reopen_now(self.session, campaign_id, date(2026, 12, 31))
        typed = paper("close-because", "2号", kind="decision")
        return page, page.replace("reopening", "close"), typed

    def propose_term(self):
        factories.make_region(self.session, PACK_REGION)
        typed = {
            "term-region": PACK_REGION, "term-kept": "complaints", "term-years": "30",
            **paper("term-because", "归档目录1号", kind="rules"),
        }  # fmt: skip
        return "/desk/keeping", "/desk/keeping/terms", typed

    def propose_lift(self):
        held = make_hold(self.session, make_old_scan(self.session))
        typed = {"lift-number": held.case_number, **paper("lift-because", "函9号", kind="letter")}
        return "/desk/keeping", "/desk/keeping/holds/lift", typed

    def propose_destruction(self):
        make_old_scan(self.session)
        page = f"/desk/keeping/due?region={PACK_REGION}&kept=complaints"
        return page, page, paper("because", "鉴定意见1号", kind="decision")

    def propose_limit(self):
        factories.make_region(self.session, PACK_REGION)
        typed = {"region": PACK_REGION, "above": "50000", **paper("because", "内控办法1号")}
        return "/desk/limits", "/desk/limits", typed

    def set_insurances(self):
        agency = factories.make_agency(self.session, PACK_REGION)
        typed = {
            "runs-insurances": ["medical", "maternity"],
            **paper("runs-because", "三定方案1号"),
        }
        return f"/desk/agencies?agency={agency.id}", f"/desk/agencies/{agency.id}/insurances", typed

    def give_program(self):
        factories.make_region(self.session, PACK_REGION)
        typed = {
            "region": PACK_REGION, "office": "市民政局", "name": "殡葬系统", "kinds": ["death"],
            "expires_on": "2027-11-01", **paper("because", "数据共享协议1号"),
        }  # fmt: skip
        return "/desk/programs", "/desk/programs", typed

    def hand_in_people(self):
        region = factories.make_region(self.session, PACK_REGION).code
        number = factories.make_id_number(date(1980, 5, 1), 113)
        listed = f"证件号码,姓名\n{number},赵一\n"
        typed = {
            "region": region,
            "rows": "1",
            **paper("because", "移交清单3号"),
            "file": listed.encode(),
        }
        return "/desk/old-data", "/desk/old-data/people", typed

    def hand_in_pack(self):
        factories.make_region(self.session, "320100")
        typed = {"file": pack_text(limits()).encode(), **paper("because", "人社发〔2026〕9号")}
        return "/desk/parameters", "/desk/parameters", typed

    def name_columns(self):
        factories.make_region(self.session, PACK_REGION)
        statement = BankStatement(
            region_code=PACK_REGION, format=StatementFormat.CSV, bank="示范银行",
            file_name="a.csv", content_hash="0" * 64, entries=1, imported_at=NOW,
        )  # fmt: skip
        self.session.add(statement)
        self.session.flush()
        page = f"/desk/statements/{statement.id}"
        return page, f"{page}/columns", COLUMNS

    def hand_in_list(self):
        region = factories.make_region(self.session, PACK_REGION).code
        person = factories.make_person(self.session, region_code=region)
        self.session.add(
            Benefit(
                person_id=person.id, region_code=region, kind=BenefitKind.PENSION, monthly_fen=1,
                from_month="2020-01", state=BenefitState.ACTIVE, certified_on=date(2026, 5, 1),
            )
        )  # fmt: skip
        listed = (
            "证件号码,待遇类别,待遇所属期,发放金额,发放日期\n"
            f"{person.id_number},养老金,2026-10,3000,2026-10-15\n"
        )
        typed = {
            "region": region, "rows": "1", "amount": "3000", **paper("because", "支付清单10号"),
            "file": listed.encode(),
        }  # fmt: skip
        return "/desk/benefits", "/desk/benefits/lists", typed

    def show_accounts(self):
        typed = {
            "number": "62227777",
            "bank": "示范银行",
            "region": "",
            **paper("because", "开户许可"),
        }
        return "/desk/statements", "/desk/statements/accounts", typed

    def death(self):
        page = f"/desk/people/{self.person().id}"
        return page, f"{page}/death", {"died_on": "2026-11-01", **paper("proof", "死亡证明1号")}

    def propose_relation_end(self):
        """A member of staff with a declared relative."""
        person, relative = factories.make_person(self.session), factories.make_person(self.session)
        appoint(self.session, person, Function.AUDIT)
        account = factories.make_account(self.session, person)
        relation = declare_relation(
            self.session, person.id, Declared(relative.id, Relation.SPOUSE, date(2020, 1, 1)),
            actor=Actor(account.id, person.id), at=NOW,
        )  # fmt: skip
        held = self.session.scalar(select(Appointment.id).where(Appointment.person_id == person.id))
        page, prefix = f"/desk/staff/{held}/relatives", f"end{relation.id}-"
        typed = {f"{prefix}until_on": "2026-10-01", f"{prefix}because": "离婚证3号"}
        return page, f"{page}/{relation.id}/end", typed

    def alive(self):
        """Somebody who was registered as dead by mistake, insured and with a benefit."""
        person = self.person()
        factories.make_enrolment(self.session, person, region_code=person.region_code)
        register_death(
            self.session, person.id, date(2026, 11, 1), on=NOW.date(), actor=SYSTEM, at=NOW
        )
        page = f"/desk/people/{person.id}"
        return page, f"{page}/alive", paper("alive", "公安证明2号")

    def give(self):
        helper = factories.make_person(self.session, name="李梅", region_code=PACK_REGION)
        factories.make_account(self.session, helper)
        page = f"/desk/people/{self.person().id}/helpers"
        typed = {
            "id_number": helper.id_number, "helper_name": "李梅", "basis": "paper",
            "kinds": ["record"], "until_on": "2026-12-31",
            **paper("paper", "授权书1号", kind="authorisation"),
        }  # fmt: skip
        return page, f"{page}/give", typed

    def revoke_paper(self):
        person = self.person()
        paper_of = factories.make_certificate(self.session, person)
        page = f"/desk/people/{person.id}/papers"
        typed = {
            "revoke-reference": paper_of.reference,
            **paper("revoke-reason", "函1号", kind="letter"),
        }
        return page, f"/desk/people/{person.id}/revoke-paper", typed

    def note_temporary(self):
        person = factories.make_person(
            self.session, region_code=PACK_REGION, born_on=date(1966, 1, 2)
        )
        factories.make_enrolment(self.session, person)
        page = f"/desk/people/{person.id}/account"
        typed = {"temporary-household": "51", "temporary-joined_on": "2026-02-01"}
        typed |= paper("temporary-register", "户口簿1号", kind="household_register")
        return page, f"/desk/people/{person.id}/temporary", typed

    def note_ordinary(self):
        page, _address, _typed = self.note_temporary()
        person_id = int(page.split("/")[3])
        self.session.add(
            TemporaryAccount(
                person_id=person_id, region_code=PACK_REGION, household="51",
                joined_on=date(2026, 2, 1), recorded_at=NOW,
            )
        )  # fmt: skip
        typed = paper("temporary-reason", "调令1号", kind="letter")
        return page, f"/desk/people/{person_id}/ordinary", typed

    def end_resident(self):
        task, _enrolment = make_status_task(self.session, self.person())
        page = f"/desk/review-tasks/task/{task.id}"
        typed = {"resident-last_month": "2026-10", "resident-words": "已由单位参保"}
        return page, f"{page}/end-resident", typed | paper("resident-paper", "函1号", kind="letter")

    def insure_again(self):
        person = self.person()
        task, _enrolment = make_status_task(self.session, person)
        end_resident(
            self.session, person.id, person.region_code, "2026-10", this_month="2026-11",
            task_id=task.id, actor=SYSTEM, at=NOW,
        )  # fmt: skip
        task.state, task.result, task.outcome = TaskState.DONE, TaskResult.DONE, "已停保"
        task.done_at = NOW
        page = f"/desk/review-tasks/task/{task.id}"
        typed = {"resident-words": "停错了", **paper("resident-paper", "函2号", kind="letter")}
        return page, f"{page}/insure-again", typed

    def end_guardian(self):
        helper = factories.make_person(self.session, region_code=PACK_REGION)
        account, ward = factories.make_account(self.session, helper), self.person()
        self.session.add(
            row := HelpMandate(
                reference="GUARDIAN1", person_id=ward.id, helper_account_id=account.id,
                kinds=frozenset({HelpKind.RECORD}), basis=HelpBasis.GUARDIANSHIP,
                from_on=NOW.date(), until_on=date(2028, 1, 1), granted_at=NOW,
            )
        )  # fmt: skip
        self.session.flush()
        page = f"/desk/people/{ward.id}/helpers"
        typed = {"end-mandate": str(row.id), **paper("end-paper", "民特1号", kind="judgment")}
        return page, f"{page}/end-guardian", typed

    def appoint(self):
        helper = factories.make_person(self.session, region_code=PACK_REGION)
        factories.make_account(self.session, helper)
        page = f"/desk/people/{helper.id}/helpers"
        given = {"appoint-organisation": "居委会", "appoint-until_on": "2026-12-31"}
        return page, f"{page}/appoint", given | paper("appoint-paper", "函1号")

    def approve(self):
        person = factories.make_person(
            self.session, region_code=PACK_REGION, born_on=date(1963, 6, 5), deemed_months=180
        )
        factories.make_record(self.session, person, "2025-01")
        page = (
            f"/desk/pensions/{factories.make_pension_application(self.session, person).reference}"
        )
        return page, f"{page}/approve", paper("papers", "档案8号")

    def refuse(self):
        page, _approve, _typed = self.approve()
        return page, f"{page}/refuse", {"reasons": "年限不足"}

    def refuse_one(self):
        person = factories.make_person(self.session, region_code=PACK_REGION)
        transfer = factories.make_pension_transfer(self.session, person)
        page = f"/desk/transfers/{transfer.reference}"
        return page, f"{page}/refuse", {"reasons": "已在当地领取待遇"}

    def propose_one(self):
        person = factories.make_person(self.session)
        typed = {
            "id_number": person.id_number, "function": "review", "agency": "0", **paper("because", "任命"),
        }  # fmt: skip
        return "/desk/staff", "/desk/staff", typed

    def propose_ending(self):
        person = factories.make_person(self.session)
        appoint(self.session, person, Function.REVIEW)
        self.session.flush()
        asked = select(Appointment.id).where(Appointment.person_id == person.id)
        page = f"/desk/staff/{self.session.scalar(asked)}"
        return page, f"{page}/end", {"because": "调离"}

    def reset_factor(self):
        person = factories.make_person(self.session)
        appoint(self.session, person, Function.REVIEW)
        give_factor(self.session, factories.make_account(self.session, person), key="k", at=NOW)
        self.session.flush()
        asked = select(Appointment.id).where(Appointment.person_id == person.id)
        page = f"/desk/staff/{self.session.scalar(asked)}"
        return page, f"{page}/reset-factor", {"reset-because": "本人到场，证件已核对"}
