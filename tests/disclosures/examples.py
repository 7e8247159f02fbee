"""One example at least of what a demonstration has none of: reviews, objections, filings, papers."""

from datetime import date
from hashlib import sha256
from io import BytesIO

from sqlalchemy import select

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.tables.account import Account
from siweb.auth.tables.api_token import ApiToken
from siweb.auth.tables.appointment import Appointment, Function
from siweb.auth.tables.help_mandate import CommunityHelper, HelpBasis, HelpKind, HelpMandate
from siweb.auth.tables.mandate import Mandate
from siweb.auth.tables.staff_relation import Relation, StaffRelation
from siweb.collection.payments.bank_reference import bank_reference
from siweb.collection.statements.tax_files import DueList, hand_over
from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.bank_statement import BankStatement, StatementFormat
from siweb.collection.tables.bill import Bill, BillKind
from siweb.collection.tables.held_entry import HeldEntry, HeldReason, HeldState
from siweb.collection.tables.levy_run import LevyKind
from siweb.collection.tables.payment import Payment
from siweb.collection.tables.payout import (
    LineState,
    PaymentFile,
    PaymentFileLine,
    Payout,
    PayoutKind,
    PayoutState,
)
from siweb.complaints.answer import answer
from siweb.complaints.lodge import ComplaintFacts, lodge
from siweb.complaints.tables.complaint import ComplaintKind, Outcome
from siweb.desk.staff.actions import propose_appointment
from siweb.desk.staff.places import Place
from siweb.documents.tables.document import Document
from siweb.evidence.attach import Matter, attach
from siweb.evidence.content.examine import examine
from siweb.evidence.scan import Scan
from siweb.files.store import FileStore
from siweb.filings.confirmation.confirm import confirm_filing
from siweb.filings.drafts.open import add_rows, open_filing
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing_row import KEY, FilingRow, RowState
from siweb.filings.tables.hire_follow_up import HireFollowUp
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.reviews.begin.due import due_reviews
from siweb.reviews.begin.start import start_review
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.objection import Objection, Problem
from siweb.reviews.tables.review import Review, ReviewState
from siweb.reviews.tables.sign import Sign, SignKind, SignList, SignListState, SignState
from siweb.reviews.tables.task import ReviewTask, TaskKind
from siweb.share_codes.make import Grant, make_code
from siweb.share_codes.tables.share_code import Shown
from siweb.tasks.two_person_action import Doing
from tests import factories
from tests.bills import make_levy_run
from tests.conftest import NOW
from tests.evidence.scans import pdf

TODAY = NOW.date()


def _add_overpaid(session, person):
    """Somebody was paid a month of a benefit that is suspended."""
    benefit = Benefit(
        person_id=person.id, region_code=person.region_code, kind=BenefitKind.PENSION,
        monthly_fen=300_000, from_month="2020-01", state=BenefitState.SUSPENDED,
        suspended_from_month="2026-09", certified_on=date(2025, 7, 1),
    )  # fmt: skip
    session.add(benefit)
    session.flush()
    session.add(
        BenefitEntry(
            region_code=person.region_code, month="2026-10", person_id=person.id,
            benefit=benefit.kind, kind=BenefitEntryKind.PAID, sequence=0, amount_fen=300_000,
            paid_on=date(2026, 10, 15), recorded_at=NOW,
        )
    )  # fmt: skip
    session.flush()


def _add_sign(session, person, account_id):
    """Another office's list says that somebody is in prison, and was taken in."""
    session.add(
        ApiToken(
            region_code=person.region_code, office="监狱管理局", sign_kinds=["prison"],
            account_id=account_id, name="名单系统", secret_hash=f"{person.id:064d}", beginning="siweb_abcd",
            scopes=["lists"], expires_on=date(2027, 6, 30), issued_at=NOW,
        )
    )  # fmt: skip
    listed = SignList(
        region_code=person.region_code, source="监狱管理局", paper="函1号", file_name="list.csv",
        file_digest="0" * 64, layout={}, state=SignListState.ACCEPTED, handed_in_at=NOW,
        handed_in_by_account_id=account_id,
    )  # fmt: skip
    session.add(listed)
    session.flush()
    session.add(
        Sign(
            region_code=person.region_code, person_id=person.id, kind=SignKind.PRISON,
            seen_on=date(2026, 9, 1), list_id=listed.id, row_number=2, state=SignState.OPEN,
            due_on=TODAY, recorded_at=NOW,
        )
    )  # fmt: skip
    session.flush()


def _add_payouts(session, person, account_id):
    """Somebody's money waits, and was in a file that the bank rejected."""
    payout = Payout(
        reference="PAYAUT", region_code=person.region_code, kind=PayoutKind.HEIRS, source="task:A",
        person_id=person.id, amount_fen=100, payee_name=person.name, payee_account="11112222",
        state=PayoutState.REJECTED, reason="AC04", ordered_at=NOW,
    )  # fmt: skip
    file = PaymentFile(
        reference="FAYLE", region_code=person.region_code, debtor_name="示范",
        debtor_account="33334444", debtor_bank="示范银行", execution_on=TODAY, transactions=1,
        total_fen=100, made_at=NOW, made_by_account_id=account_id,
        released_by_account_id=account_id,
    )  # fmt: skip
    session.add_all([payout, file])
    session.flush()
    session.add(
        PaymentFileLine(
            payment_file_id=file.id, number=1, payout_id=payout.id, end_to_end="PAYAUT-1",
            payee_name=person.name, payee_account="11112222", payee_bank="", amount_fen=100,
            state=LineState.REJECTED, reason="AC04", answered_at=NOW,
        )
    )  # fmt: skip
    session.flush()


def _add_joined_and_declared(session, region_code, account_id):
    """Two registrations are one person's, and two members of staff declared a relative each."""
    former, person, *relatives = (
        factories.make_person(session, region_code=region_code, name=name)
        for name in ("江一", "江二", "江三", "江四")
    )
    session.add(PersonAlias(former_id=former.id, person_id=person.id, merged_at=NOW))
    staff = dict.fromkeys(session.scalars(select(Appointment.person_id).order_by(Appointment.id)))
    # One who looks at the own ones, and one whose relatives somebody else may end.
    session.add_all(
        StaffRelation(
            person_id=held, relative_id=relative.id, relation=Relation.PARENT, since_on=TODAY,
            declared_at=NOW, declared_by_account_id=account_id,
        )
        for held, relative in zip(list(staff)[:2], relatives, strict=True)
    )  # fmt: skip
    session.flush()


def _add_tax_office_file(session, bill, actor):
    """Somebody who pays alone stands in the list that the tax office got."""
    content = b"1"
    due = DueList(
        bill.region_code, bill.contribution_month, BytesIO(content), sha256(content).hexdigest(), 0, 0
    )  # fmt: skip
    hand_over(session, FileStore(), due, actor=actor, at=NOW)


def _add_bill_of_correction(session, person):
    """A month of somebody's record was set right, and their employer is billed for it."""
    run = make_levy_run(
        session, "2026-07", region_code=person.region_code, kind=LevyKind.ADJUSTMENT,
        person_id=person.id,
    )  # fmt: skip
    payer = session.scalars(select(Bill.employer_id).where(Bill.employer_id.is_not(None))).first()
    months = {"contribution_month": "2026-07", "through_month": "2026-07"}
    bill = Bill(
        kind=BillKind.ADJUSTMENT, levy_run_id=run.id, region_code=run.region_code,
        employer_id=payer, due_on=TODAY, issued_at=NOW, **months,
    )  # fmt: skip
    session.add(bill)
    session.flush()
    bill.bank_reference = bank_reference(bill.id)


def _add_help(session, owner, others):
    """The owner acts for a colleague, who was given nothing back."""
    session.add(
        HelpMandate(
            reference="HELPHELPHELP", person_id=others[0].person_id, helper_account_id=owner.id,
            kinds=frozenset(HelpKind), basis=HelpBasis.PAPER, from_on=TODAY, until_on=TODAY,
            granted_at=NOW,
        )
    )  # fmt: skip
    person = session.get_one(Person, owner.person_id)
    session.add(
        CommunityHelper(
            person_id=person.id, region_code=person.region_code, organisation="居委会",
            from_on=TODAY, until_on=TODAY, appointed_at=NOW,
        )
    )  # fmt: skip


def make_examples(session, secret):
    mandate = session.scalars(
        select(Mandate).where(Mandate.kind == "owner").order_by(Mandate.employer_id)
    ).first()
    employer = session.get_one(Employer, mandate.employer_id)
    staff = session.scalars(
        select(Employment).where(
            Employment.employer_id == employer.id, Employment.ended_on.is_(None)
        )
    ).all()
    owner = session.get_one(Account, mandate.account_id)
    actor = Actor(owner.id, owner.person_id, on_behalf_of_employer_id=employer.id)
    others = [job for job in staff if job.person_id != owner.person_id]
    _add_filings(session, employer, others, actor, secret)
    _add_reviews(session, employer, others, owner)
    _add_task(session, owner)
    # Somebody lets others look.
    grant = Grant("银行", frozenset(Shown), 1, TODAY, 5)
    make_code(
        session, grant, secret=secret, actor=Actor(owner.id, owner.person_id), on=TODAY, at=NOW
    )
    _add_help(session, owner, others)
    # Somebody else acted for the employer, too.
    helper = session.scalars(select(Account).where(Account.id != owner.id)).first()
    record_activity(
        session,
        "roster.exported",
        actor=Actor(helper.id, helper.person_id, on_behalf_of_employer_id=employer.id),
        at=NOW,
        subject=("employer", employer.id),
    )
    # Somebody takes part, and nobody declared a base.
    newcomer = factories.make_person(session, region_code=employer.region_code, name="无基数者")
    factories.make_enrolment(session, newcomer, employer=employer, from_month="2026-09")
    # A decision that was served, as a paper.
    decided = session.scalars(select(Assessment)).first()
    decided.document_id = session.scalars(select(Document.id)).first()
    decided.employer_id = employer.id
    session.add(
        ReviewTask(
            kind=TaskKind.RECHECK,
            review_id=session.scalars(select(Review.id)).first(),
            person_id=others[0].person_id,
            due_on=TODAY,
            opened_at=NOW,
        )
    )
    _add_overpaid(session, newcomer)
    _add_payouts(session, newcomer, owner.id)
    _add_sign(session, newcomer, owner.id)
    _add_joined_and_declared(session, employer.region_code, owner.id)
    # Money of somebody who pays alone.
    alone = session.scalars(select(Bill).where(Bill.person_id.is_not(None))).first()
    _add_tax_office_file(session, alone, actor)
    _add_bill_of_correction(session, newcomer)
    # A hire that falls short: the desk follows it up.
    taken_in = session.scalars(
        select(FilingRow)
        .where(FilingRow.state == RowState.APPLIED, FilingRow.person_id.is_not(None))
        .order_by(FilingRow.filing_id, FilingRow.position)
    ).first()
    key = {name: getattr(taken_in, name) for name in KEY}
    session.add(HireFollowUp(**key, opened_at=NOW))
    payment = session.scalars(
        select(Payment).where(Payment.unallocated_fen > 0, Payment.kept_at.is_(None))
    ).first()
    payment.person_id, payment.employer_id = alone.person_id, None
    statement = BankStatement(
        region_code=payment.region_code,
        format=StatementFormat.CSV,
        bank="示范银行",
        file_name="statement.csv",
        content_hash="0" * 64,
        entries=1,
        imported_at=NOW,
    )
    session.add(statement)
    session.flush()
    _add_complaint(session, others[0].person_id)
    applicant = session.get_one(Person, others[0].person_id)
    factories.make_pension_application(session, applicant)
    factories.make_pension_transfer(session, applicant)
    session.add(
        HeldEntry(
            statement_id=statement.id,
            region_code=payment.region_code,
            number=1,
            reason=HeldReason.RETURNED,
            state=HeldState.WAITING,
            payment_id=payment.id,
        )
    )


def _add_complaint(session, person_id):
    facts = ComplaintFacts(ComplaintKind.NOT_REGISTERED, "示范公司", "2026-03", None, "没有参保")
    by = {"actor": Actor(None, person_id), "on": TODAY, "at": NOW}
    complaint = lodge(session, person_id, facts, packs=packs_in_force(session), **by)
    content = pdf()
    scan = Scan.of(content, examine(content), BytesIO(content))
    # Whoever helped with the form handed it in.
    account_id = session.scalars(select(Account.id)).first()
    matter = Matter(complaint_id=complaint.id)
    attach(session, FileStore(), [scan], matter, actor=Actor(account_id, None), at=NOW)
    # The answer to another one waits to be served.
    facts = ComplaintFacts(ComplaintKind.DECISION, "", "2026-03", None, "不同意")
    other = lodge(session, person_id, facts, packs=packs_in_force(session), **by)
    answer(session, other, Outcome.REJECTED, "维持", actor=Actor(None, None), at=NOW)


def _row(session, job):
    person = session.get_one(Person, job.person_id)
    return {
        "id_number": person.id_number,
        "name": person.name,
        "ended_on": "2026-11-20",
        "stop_month": "2026-11",
        "end_reason": "resigned",
        "is_voluntary": "yes",
    }


def _add_task(session, maker):
    """Somebody would give the owner's colleague a function: it waits for a second person."""
    person = session.scalars(select(Person).where(Person.id != maker.person_id)).first()
    propose_appointment(
        session,
        person.id,
        Function.REVIEW,
        Place(),
        "岗位授权〔2026〕1号",
        Doing(Actor(maker.id, maker.person_id), NOW, packs_in_force(session)),
    )


def _add_filings(session, employer, staff, actor, secret):
    """A draft with one row that is refused, and a filing that was accepted, with its receipt."""
    packs = packs_in_force(session)
    draft = open_filing(session, employer.id, FilingKind.LEAVE, origin="api", actor=actor, at=NOW)
    add_rows(
        session, draft, [_row(session, staff[0]) | {"stop_month": "2020-01"}], packs=packs, on=TODAY
    )
    sent = open_filing(session, employer.id, FilingKind.LEAVE, origin="form", actor=actor, at=NOW)
    add_rows(session, sent, [_row(session, staff[1])], packs=packs, on=TODAY)
    confirm_filing(session, sent, packs=packs, actor=actor, on=TODAY, at=NOW, secret=secret)


def _add_reviews(session, employer, staff, owner):
    """A case that the employer is asked about, one for the desk, and one that a relative fills."""
    campaign = session.scalars(
        select(Campaign).where(Campaign.kind == ReviewKind.RECORD_CHECK)
    ).first()
    for number, state in enumerate((ReviewState.EMPLOYER_CONFIRM, ReviewState.MANUAL_REVIEW)):
        review = Review(
            reference=f"EXAMPLE{number}ACDE",
            campaign_id=campaign.id,
            person_id=staff[number].person_id,
            state=state,
            # Whoever is visited at home stands on a list of their own.
            reason="visit_wanted" if number else "employer_asked",
            answer_by=date(2026, 12, 9),
            opened_at=NOW,
            submitted_at=NOW,
            helper_account_id=owner.id,
        )
        session.add(review)
        session.flush()
        session.add(
            Objection(
                review_id=review.id,
                problem=Problem.MISSING,
                insurances=["pension"],
                contribution_month="2025-03",
                words="工资条",
                employer_id=employer.id,
                raised_at=NOW,
            )
        )
    _help(session, ReviewKind.CERTIFICATION, owner)


def _help(session, kind, owner):
    for person_id in session.scalars(select(Person.id).order_by(Person.id)):
        for due in due_reviews(session, person_id, packs=packs_in_force(session), on=TODAY):
            if due.campaign.kind is kind and due.is_to_do:
                actor = Actor(owner.id, owner.person_id)
                review = start_review(session, due.campaign, person_id, actor=actor, at=NOW)
                review.helper_account_id = owner.id
                return
