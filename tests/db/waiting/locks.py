"""Every lock of the office on rows: which table it holds, and how its function comes to it.

Nobody has to be in the database for that: who asks for a lock waits for it before there is a row.
"""

from contextlib import nullcontext
from types import SimpleNamespace as Made
from typing import Any, NamedTuple
from unittest.mock import MagicMock

from sqlalchemy import inspect, update
from sqlalchemy.orm import Session, make_transient_to_detached

from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Appointment, Function
from siweb.auth.tables.attempt_count import AttemptCount
from siweb.auth.tables.passkey import Passkey
from siweb.auth.tables.staff_relation import StaffRelation
from siweb.collection.tables.arrears import Arrears
from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.hire_report import HireReport, ReportState
from siweb.collection.tables.levy_run import LevyRun
from siweb.collection.tables.online_payment import OnlinePayment
from siweb.collection.tables.payment import Payment
from siweb.collection.tables.payout import LineState, PaymentFileLine, Payout
from siweb.complaints.tables.complaint import Complaint
from siweb.documents.tables.document import Document
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow
from siweb.messages.tables.message import Message
from siweb.notes.tables.office_note import OfficeNote
from siweb.pensions.tables.pension_application import PensionApplication
from siweb.queue.job import Job
from siweb.registry.tables.benefit import Benefit, LifeSign
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.registry.tables.region import Region
from siweb.reseal.tables import sealed_columns
from siweb.reviews.tables.campaign import Campaign
from siweb.reviews.tables.review import Review
from siweb.reviews.tables.sign import Sign, SignList
from siweb.share_codes.tables.share_code import ShareCode
from siweb.tasks.tables.task import Task
from siweb.transfers.tables.pension_transfer import PensionTransfer
from siweb.wizard.draft import Draft
from tests.conftest import NOW

DAY = NOW.date()
ANY: Any = MagicMock()
REGION = "310000"
BY = {"actor": ANY, "at": NOW}
ON = {"on": DAY, **BY}
OF_PACKS = {"packs": ANY, **ON}
SEALED = next(sealed_columns())


class Lock(NamedTuple):
    """A lock of a function, `module:function` below siweb: of what, how to call it, without what.

    `without` are functions that are called on the way to it, by their address, with what they
    return here.
    """

    site: str
    model: Any
    call: Any
    without: dict[str, Any] = {}  # noqa: RUF012 - nobody writes into it
    # As it is asked for; several may have a shared one, and nobody else besides.
    words: tuple[str, ...] = ("FOR UPDATE", "FOR NO KEY UPDATE")


class Second(Session):
    """A session that finds each row it asks for by its key, but in the table that is held."""

    def __init__(self, bind: Any, held: str) -> None:
        super().__init__(bind, autoflush=False)
        self.held = held

    def refresh(self, row: Any, *given: Any, **named: Any) -> None:
        if row.__tablename__ == self.held:
            super().refresh(row, *given, **named)

    def get_one(self, model: Any, key: Any, *given: Any, **named: Any) -> Any:
        if model.__tablename__ == self.held:
            return super().get_one(model, key, *given, **named)
        return row(self, model, id=key)


def row(session: Session, model: Any, **values: Any) -> Any:
    """Return an object that counts as one of the database, although nothing is there."""
    found = model(**{column.key: 1 for column in inspect(model).primary_key} | values)
    make_transient_to_detached(found)
    session.add(found)
    return found


def of_person(**more: Any) -> Any:
    """Return what a page knows of a person who sends a form."""
    facts = Made(person=Made(id=1), packs=ANY, on=DAY, draft=ANY, **more)
    return Made(facts=facts)


def passes(*_given: Any, **_named: Any) -> Any:
    """Stand in for a check on the way to a lock."""
    return ANY


def _bill_of_release(do: Any, s: Any) -> Any:
    s.scalars = lambda _asked: Made(all=lambda: [Made(bill_id=1)])
    return do(s, row(s, Payment), **OF_PACKS)


def _bill_of_allocate(do: Any, s: Any) -> Any:
    order = Made(bills=lambda bills, _named: bills)
    bills = [row(s, Bill, employer_id=1, person_id=None)]
    payment = row(s, Payment, region_code=REGION)
    return do(s, payment, bills, packs=ANY, matched_by=ANY, order=order, **BY)


def _bill_of_split(do: Any, s: Any) -> Any:
    payment = row(s, Payment, region_code=REGION, origin_payment_id=None, unallocated_fen=1)
    return do(s, payment, [Made(reference=1, amount_fen=1)], packs=ANY, **BY)


def _changed_base(_do: Any, s: Any) -> Any:
    base = row(s, DeclaredBase, region_code=REGION, from_month="2026-11")
    base.withdrawn_at = NOW
    return s.flush()


def _bill_of_write_off(do: Any, s: Any) -> Any:
    bill = row(s, Bill)
    arrears = row(s, Arrears, bill_id=bill.id, region_code=REGION)
    return do(s, arrears, {}, ANY, task_id=1, **OF_PACKS)


def _rate(do: Any, s: Any) -> Any:
    packs = MagicMock()
    packs.parameters.return_value.injury_tiers.return_value = {1}
    risk = Made(injury_class=1, injury_tier_ppm=1)
    employer = row(s, Employer, region_code=REGION)
    return do(s, employer, risk, "2026-12", billed_through=None, packs=packs)


_PAY, _STAFF = "collection.payments.", "collection.payments.by_staff"
_CASES = "collection.assessments."
_REPORTS = f"{_CASES}reports.report_hire"
_NAMED, _AGAIN = "collection.own_accounts.own_account", "reviews.begin.reopen_campaign"
_OWN, _USE = "auth.credentials.passkeys.own", "auth.credentials.passkeys.use"
_PAID = Made(state=LineState.SENT, payout_id=1)

LOCKS = [
    Lock("collection.arrears.instalments:plan_instalments", Bill,
         lambda do, s: do(s, row(s, Arrears, bill_id=1), 3, DAY, ANY, **ON)),
    Lock("collection.arrears.notify:serve_notice", Arrears,
         lambda do, s: do(s, row(s, Arrears), DAY, packs=ANY, **BY)),
    Lock("collection.arrears.write_off:write_off", Arrears,
         lambda do, s: do(s, row(s, Arrears, region_code=REGION), {}, ANY, task_id=1, **OF_PACKS)),
    Lock("collection.arrears.write_off:write_off", Bill, _bill_of_write_off),
    Lock("collection.arrears.write_off:reinstate", Arrears,
         lambda do, s: do(s, row(s, Arrears), task_id=1, **ON)),
    Lock(f"{_CASES}decide:decide", Assessment,
         lambda do, s: do(s, row(s, Assessment, region_code=REGION), "x", **OF_PACKS),
         {f"{_CASES}decide.mark_overtaken": passes}),
    Lock(f"{_CASES}decide:drop", Assessment, lambda do, s: do(s, row(s, Assessment), "x", **BY)),
    Lock(f"{_CASES}hear:hear", Assessment, lambda do, s: do(s, row(s, Assessment), "x", **ON)),
    Lock(f"{_CASES}propose:propose_for_report", HireReport,
         lambda do, s: do(s, row(s, HireReport), ANY, **OF_PACKS)),
    Lock(f"{_CASES}propose:propose_for_report", Employer,
         lambda do, s: do(s, row(s, HireReport, state=ReportState.OPEN, employer_id=1), ANY,
                          **OF_PACKS)),
    Lock(f"{_CASES}propose:propose_found", Assessment,
         lambda do, s: do(s, row(s, Assessment), **OF_PACKS)),
    Lock(f"{_REPORTS}:name_employer", HireReport, lambda do, s: do(s, row(s, HireReport), "x"),
         {f"{_REPORTS}.find_employer": passes}),
    Lock(f"{_REPORTS}:drop_report", HireReport,
         lambda do, s: do(s, row(s, HireReport), "x", **BY)),
    Lock(f"{_REPORTS}:withdraw_review_report", HireReport, lambda do, s: do(s, 1, at=NOW)),
    Lock(f"{_CASES}settle:settle", Assessment,
         lambda do, s: do(s, row(s, Assessment), **OF_PACKS)),
    Lock("collection.corrections.identity.correct:correct_identity", Person,
         lambda do, s: do(s, 1, ANY, ANY, **ON)),
    Lock("collection.corrections.merging.merge:join_registrations", Person,
         lambda do, s: do(s, 1, 2, is_difference_proved=True, task_id=1, **ON)),
    Lock("collection.corrections.merging.separate:separate_registrations", PersonAlias,
         lambda do, s: do(s, 1, **ON)),
    Lock("collection.corrections.record.correct:correct_record", Person,
         lambda do, s: do(s, Made(person_id=1), reason="x", **OF_PACKS)),
    Lock("collection.levy.bare.month:_hold", LevyRun, lambda do, s: do(s, Made(id=1))),
    Lock("collection.online.pay_online:take_notification", OnlinePayment,
         lambda do, s: do(s, Made(name="x"), Made(order="x"), packs=ANY, at=NOW)),
    Lock(f"{_NAMED}:name_own_account", Person,
         lambda do, s: do(s, Made(id=1), "12345678", "x", **BY)),
    Lock(f"{_NAMED}:end_own_account", Person, lambda do, s: do(s, Made(id=1), **BY)),
    Lock(f"{_NAMED}:_stop_payouts", Payout, lambda do, s: do(s, 1, set(), ANY, NOW)),
    Lock(f"{_PAY}allocate:hold_money", Region, lambda do, s: do(s, REGION)),
    Lock(f"{_PAY}allocate:allocate", Payment, _bill_of_allocate,
         {f"{_PAY}allocate._refuse": passes}),
    Lock(f"{_PAY}allocate:allocate", Bill, _bill_of_allocate,
         {f"{_PAY}allocate._refuse": passes}),
    Lock(f"{_STAFF}:split_payment", Payment, _bill_of_split),
    Lock(f"{_STAFF}:split_payment", Bill, _bill_of_split,
         {f"{_STAFF}._used": lambda _payment, parts: parts,
          f"{_STAFF}.waiting_refund_fen": lambda *_given: -1,
          f"{_STAFF}._bills": lambda s, *_given: {1: row(s, Bill)},
          f"{_STAFF}._name_payer": passes}),
    Lock(f"{_PAY}keep_credit:keep_credit", Payment,
         lambda do, s: do(s, row(s, Payment, region_code=REGION), None, **BY)),
    Lock(f"{_PAY}net_credit:_lock", Payment, lambda do, s: do(s, [1])),
    Lock(f"{_PAY}net_credit:_lock", Bill, lambda do, s: do(s, [1])),
    Lock(f"{_PAY}rhythm:choose_rhythm", Person,
         lambda do, s: do(s, Made(id=1), ANY, **BY)),
    Lock(f"{_PAY}take_back:reverse_payment", Payment,
         lambda do, s: do(s, row(s, Payment, region_code=REGION, origin_payment_id=None,
                                 amount_fen=1), **OF_PACKS)),
    Lock(f"{_PAY}take_back:refund", Payment,
         lambda do, s: do(s, row(s, Payment, region_code=REGION), 1, **ON)),
    Lock(f"{_PAY}take_back:release", Bill, _bill_of_release),
    Lock("collection.payouts.order:name_payee", Payout,
         lambda do, s: do(s, row(s, Payout), ANY, **BY)),
    Lock("collection.payouts.outcome:find_line", PaymentFileLine, lambda do, s: do(s, "x")),
    Lock("collection.payouts.outcome:note_paid", Payout, lambda do, s: do(s, _PAID, DAY, **BY)),
    Lock("collection.payouts.outcome:note_rejected", Payout, lambda do, s: do(s, _PAID, "x", **BY)),
    Lock("collection.statements.tax_files:hand_over", Region,
         lambda do, s: do(s, ANY, Made(region_code=REGION, month="2026-11"), **BY)),
    Lock("ledgers.account.close:_close", Person,
         lambda do, s: do(s, ANY, 1, ANY, {}, DAY, ANY, NOW)),
    Lock("ledgers.account.settle_inheritance:_settle", Person,
         lambda do, s: do(s, ANY, ANY, 1, DAY, ANY, NOW)),
    Lock("ledgers.account.temporary:make_temporary", Person,
         lambda do, s: do(s, row(s, Person), "x", DAY, **OF_PACKS)),
    Lock("ledgers.seals.watch:_read", DeclaredBase, _changed_base),
    Lock("ledgers.seals.watch:_around_statement", DeclaredBase,
         lambda _do, s: s.execute(update(DeclaredBase).where(DeclaredBase.person_id == 1)
                                  .values(withdrawn_at=NOW))),
    Lock("auth.credentials.account:replace_password", Account,
         lambda do, s: do(s, 1, "x", present="x", new="x", sign_in_id=1, at=NOW)),
    Lock(f"{_OWN}:add_passkey", Account,
         lambda do, s: do(s, Made(id=1), ANY, "x", ANY, is_second_factor=True, at=NOW),
         {f"{_OWN}.verify_registration_response": passes}),
    Lock(f"{_OWN}:remove_passkey", Account, lambda do, s: do(s, Made(id=1), 1, at=NOW)),
    Lock(f"{_USE}:_verified", Passkey,
         lambda do, s: do(s, Made(credential=Made(raw_id=b"x")), ANY, at=NOW)),
    Lock("auth.credentials.second_factor.set_up:set_up", Account,
         lambda do, s: do(s, 1, "x", "x", key="x", at=NOW),
         {"auth.credentials.second_factor.set_up.require_shown": passes}),
    Lock("auth.credentials.second_factor.set_up:reset", Account, lambda do, s: do(s, 1, **BY)),
    Lock("auth.credentials.second_factor.set_up_code:issue_set_up_code", Person,
         lambda do, s: do(s, 1, key="x", **BY)),
    Lock("auth.credentials.throttle:_clear_old", AttemptCount, lambda do, s: do(s, NOW)),
    # Of nobody: to make the rows that are locked would wait before.
    Lock("auth.credentials.throttle:_lock", AttemptCount, lambda do, s: do(s, {}, NOW)),
    Lock("auth.helping.give:_hold_to_numbers", Account,
         lambda do, s: do(s, Made(id=1), Made(id=1), None, DAY)),
    Lock("auth.helping.give:_hold_to_numbers", Person,
         lambda do, s: do(s, Made(id=1), Made(id=1), None, DAY)),
    Lock("auth.mandates:_take_turns", Employer, lambda do, s: do(s, 1)),
    Lock("auth.sign_in.authenticate:sign_in", Account,
         lambda do, s: do(s, Made(password_hash="x", account_id=1), "x", at=NOW),
         {"auth.sign_in.authenticate.password_matches": passes}),
    Lock("auth.staff.appoint:appoint", Person,
         lambda do, s: do(s, 1, ANY, None, makers=ANY, mixes=False, on=DAY, at=NOW)),
    Lock("auth.staff.appoint:end_appointment", Appointment,
         lambda do, s: do(s, Made(function=Function.ADMINISTRATION, agency_id=None), **ON)),
    Lock("auth.staff.relatives:end_relation", StaffRelation,
         lambda do, s: do(s, row(s, StaffRelation), DAY, **BY)),
    Lock("complaints.answer:_hold_open", Complaint, lambda do, s: do(s, row(s, Complaint))),
    Lock("complaints.lodge:take_back", Complaint, lambda do, s: do(s, row(s, Complaint), **BY)),
    Lock("desk.corrections.identity.actions:_correct", Person,
         lambda do, s: do(s, Made(change={"person_id": 1}), ANY)),
    Lock("desk.people.revoke:_paper", Document,
         lambda do, s: do(s, Made(change={"reference": "x", "person_id": 1}), for_update=True)),
    Lock("filings.confirmation.follow_up:accept_registration", Employer,
         lambda do, s: do(s, "x", **ON)),
    Lock("filings.confirmation.portions:_hold", Filing, lambda do, s: do(s, row(s, Filing), NOW)),
    Lock("filings.confirmation.portions:_hold_beside", Filing, lambda do, s: do(s, 1),
         words=("FOR SHARE",)),
    Lock("filings.drafts.import_sheet:request_sending", Filing,
         lambda do, s: do(s, row(s, Filing), **BY)),
    Lock("filings.drafts.open:lock_draft", Filing, lambda do, s: do(s, row(s, Filing))),
    Lock("filings.drafts.open:_lock_with_row", FilingRow,
         lambda do, s: do(s, Made(id=1), Made(position=1))),
    Lock("filings.withdrawal.withdraw:hold_sent", Filing, lambda do, s: do(s, row(s, Filing))),
    Lock("filings.withdrawal.withdraw:replace", Filing,
         lambda do, s: do(s, row(s, Filing), None, reason="x", **OF_PACKS)),
    Lock("flexible.join:join", Person, lambda do, s: do(s, of_person(), secret="x", **BY)),
    Lock("flexible.stop:stop", Person, lambda do, s: do(s, Made(id=1), [], secret="x", **ON)),
    Lock("ledgers.account.correct:require_wrong", Person, lambda do, s: do(s, 1, "x", 2, 1)),
    Lock("messages.deliver:carry", Message, lambda do, s: do(s, [], at=NOW)),
    Lock("notes.write:correct_note", OfficeNote,
         lambda do, s: do(s, ANY, "x", corrects=1, may_see=ANY, **BY),
         {"notes.write.find_note": lambda s, *_given: Made(note=row(s, OfficeNote))}),
    Lock("pensions.apply:apply_for_pension", Person,
         lambda do, s: do(s, of_person(), secret="x", **BY)),
    Lock("pensions.apply:withdraw", PensionApplication,
         lambda do, s: do(s, row(s, PensionApplication), **BY)),
    Lock("pensions.decide:_hold", Person,
         lambda do, s: do(s, row(s, PensionApplication, person_id=1))),
    Lock("pensions.decide:_hold", PensionApplication,
         lambda do, s: do(s, row(s, PensionApplication, person_id=1))),
    Lock("pensions.withdrawal.withdraw:_hold", Person,
         lambda do, s: do(s, row(s, Benefit, person_id=1))),
    Lock("pensions.withdrawal.withdraw:_hold", Benefit,
         lambda do, s: do(s, row(s, Benefit, person_id=1))),
    Lock("queue.claim:claim_job", Job, lambda do, s: do(s, worker="x", at=NOW)),
    Lock("registry.employers.injury_rate:change_of_rate", Employer, _rate),
    Lock("registry.merge_keys:add_alias", Person, lambda do, s: do(s, 1, 2, **BY)),
    Lock("registry.merge_keys:remove_alias", Person,
         lambda do, s: do(s, Made(former_id=1, person_id=2), [], **BY)),
    Lock("registry.register_death:register_death", Person, lambda do, s: do(s, 1, DAY, **ON)),
    Lock("registry.register_death:take_back_death", Person, lambda do, s: do(s, 1, **BY)),
    Lock("reseal.tables:reseal_column", SEALED.table,
         lambda do, s: do(Made(begin=lambda: nullcontext(s.connection())), SEALED, ANY)),
    Lock(f"{_AGAIN}:reopen_campaign", Campaign,
         lambda do, s: do(s, row(s, Campaign), DAY, task_id=1, **ON)),
    Lock(f"{_AGAIN}:end_reopening", Campaign,
         lambda do, s: do(s, row(s, Campaign), task_id=1, **ON)),
    Lock("reviews.cases.take_back:_hold_undecided", Review, lambda do, s: do(s, row(s, Review))),
    Lock("reviews.objections.answer:answer_as_employer", Review,
         lambda do, s: do(s, Made(objection=ANY, review=row(s, Review)), agrees=True, words="",
                          **BY)),
    Lock("reviews.tasks.certified:hold_benefits", Benefit,
         lambda do, s: do(s, Made(review=Made(person_id=1), campaign=Made(region_code=REGION)))),
    Lock("reviews.tasks.finish:_corrected", Review,
         lambda do, s: do(s, Made(objection_id=1, review_id=1), ANY, secret="x", **BY)),
    Lock("reviews.tasks.life_sign:require_sign", LifeSign, lambda do, s: do(s, 1)),
    Lock("reviews.tasks.resident:end_resident", Person,
         lambda do, s: do(s, 1, REGION, "2026-11", this_month="2026-11", task_id=1, **BY)),
    Lock("reviews.tasks.resident:insure_again", Person,
         lambda do, s: do(s, 1, REGION, "2026-11", task_id=1, **BY)),
    Lock("service.record:record_service", Message,
         lambda do, s: do(s, row(s, Message, region_code=REGION, kind="x", subject="x",
                                 notified_on=DAY), ANY,
                          **OF_PACKS)),
    Lock("service.raise_rate:raise_rate", Employer,
         lambda do, s: do(s, "x", DAY, at=NOW),
         {"service.raise_rate._task": lambda *_given: Made(change={"employer_id": 1})}),
    Lock("share_codes.make:take_back", ShareCode, lambda do, s: do(s, row(s, ShareCode), **BY)),
    Lock("signs.examine:hold_open", Sign, lambda do, s: do(s, row(s, Sign))),
    Lock("signs.stop:resume", Sign, lambda do, s: do(s, row(s, Sign), "2026-12", **ON)),
    Lock("signs.take_in:take_in", SignList,
         lambda do, s: do(s, row(s, SignList), ANY, **OF_PACKS)),
    Lock("signs.take_in:close_list", SignList, lambda do, s: do(s, row(s, SignList), ANY, **BY)),
    Lock("tasks.check:_check_first", Task, lambda do, s: do(s, row(s, Task), ANY)),
    Lock("transfers.apply:apply_for_transfer", Person,
         lambda do, s: do(s, of_person(), packs=ANY, secret="x", **BY)),
    Lock("transfers.steps:hold", Person,
         lambda do, s: do(s, row(s, PensionTransfer, person_id=1), ANY)),
    Lock("transfers.steps:hold", PensionTransfer,
         lambda do, s: do(s, row(s, PensionTransfer, person_id=1), ANY)),
    Lock("wizard.answers:_lock", Draft, lambda do, s: do(s, Made(id=1))),
]  # fmt: skip
