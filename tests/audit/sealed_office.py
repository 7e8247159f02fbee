"""One row of everything that is sealed."""

import hashlib
from datetime import date, timedelta

from siweb.audit.actor import SYSTEM
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Appointment, Function
from siweb.auth.tables.mandate import Mandate, MandateKind
from siweb.collection.payments.allocate import allocate
from siweb.collection.payments.take_back import refund
from siweb.collection.tables.arrears import (
    Arrears,
    ArrearsState,
    Deferral,
    WriteOff,
    WriteOffCause,
    WriteOffLine,
)
from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.bill import BillMonth
from siweb.collection.tables.payment import MatchedBy
from siweb.collection.tables.payout import (
    LineState,
    PaymentFile,
    PaymentFileLine,
    Payout,
    PayoutKind,
    PayoutState,
)
from siweb.collection.tables.record_correction import IdentityBasis, IdentityCorrection
from siweb.documents.issue import content_hash
from siweb.documents.tables.document import Document, DocumentKind
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.registry.tables.bring_in import BringIn
from siweb.registry.tables.employer import InjuryRate
from siweb.registry.tables.former_number import FormerNumber
from siweb.registry.tables.parameter_pack import ParameterPack
from siweb.registry.tables.person_alias import PersonAlias
from siweb.registry.tables.person_identity import identity_values
from siweb.tasks.tables.task import Task
from tests.bills import PACK_REGION, make_assessment_bill, make_bill, receive
from tests.factories import AT, make_account, make_employer, make_id_number, make_person

TODAY = date(2026, 11, 24)


def lay_rows(session):
    """Bills, money, arrears and rights, each with all that is sealed of it."""
    person = make_person(session, region_code=PACK_REGION)
    employer = make_employer(session, region_code=PACK_REGION)
    bill = make_bill(session, [person], employer=employer)
    money = receive(session, bill.total_fen + 500)
    packs = packs_in_force(session)
    by = {"matched_by": MatchedBy.STAFF, "actor": SYSTEM, "at": AT}
    allocate(session, money, [bill], packs=packs, **by)
    refund(session, money, 500, on=TODAY, actor=SYSTEM, at=AT)
    assessed = make_assessment_bill(session, employer, 90_000, due_on=TODAY)
    session.get_one(Assessment, assessed.assessment_id).decided_at = AT
    session.add(
        BillMonth(
            bill_id=assessed.id, contribution_month="2025-01", due_on=TODAY, amount_fen=90_000
        )
    )
    arrears = Arrears(
        bill_id=assessed.id,
        region_code=PACK_REGION,
        state=ArrearsState.FOUND,
        found_on=TODAY,
        notice_by=TODAY,
        changed_at=AT,
    )
    account = Account(
        person_id=person.id,
        password_hash="x",
        created_at=AT,
        password_changed_at=AT,
    )
    session.add_all([arrears, account])
    session.flush()
    session.add_all(_rights(person, employer, account, arrears))
    session.flush()
    _write_off(session, arrears, account)
    session.add_all(_parts(person))
    session.flush()
    session.add_all(_identities(session, person, account))
    session.flush()


def _write_off(session, arrears, account):
    task = Task(
        reference="OFF1", kind="arrears.write_off", function=Function.CONTRIBUTIONS,
        region_code=PACK_REGION, subject=f"arrears:{arrears.id}", change={}, because="裁定书1号",
        due_on=TODAY, made_by_account_id=account.id, made_at=AT,
    )  # fmt: skip
    session.add(task)
    session.flush()
    row = WriteOff(
        arrears_id=arrears.id, region_code=PACK_REGION, cause=WriteOffCause.BANKRUPTCY,
        written_off_on=TODAY, premium_fen=90_000, late_fee_fen=0, legal_basis="某法第一条",
        decided_by="某局", written_off_at=AT, task_id=task.id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    line = WriteOffLine(write_off_id=row.id, insurance=Insurance.PENSION, premium_fen=90_000)
    session.add(line)


def _rights(person, employer, account, arrears):
    yield Deferral(
        arrears_id=arrears.id,
        from_on=TODAY,
        until=TODAY + timedelta(days=9),
        legal_basis="某法第一条",
        approved_at=AT,
    )
    yield Document(
        reference="D1",
        kind=DocumentKind.RIGHTS_RECORD,
        subject_kind="year",
        subject_id="2025",
        person_id=person.id,
        region_code=PACK_REGION,
        payload={"rows": []},
        content_hash=content_hash({"rows": []}),
        code_hash="1" * 64,
        issued_at=AT,
    )
    yield Mandate(
        account_id=account.id,
        employer_id=employer.id,
        kind=MandateKind.FILER,
        from_on=TODAY,
        granted_at=AT,
    )
    yield BringIn(
        region_code=employer.region_code,
        kind="people",
        file_digest=hashlib.sha256(b"list").hexdigest(),
        sequence=0,
        file_name="people.csv",
        added_rows=1,
        added_fen=0,
        recorded_at=AT,
        made_by_account_id=account.id,
        checked_by_account_id=account.id + 1,
    )
    yield InjuryRate(
        employer_id=employer.id,
        from_month="2026-12",
        decision_number=1,
        region_code=employer.region_code,
        injury_class=4,
        injury_tier_ppm=1_500_000,
        basis="费率核定书7号",
        decided_on=TODAY,
        recorded_at=AT,
        made_by_account_id=account.id,
        checked_by_account_id=account.id + 1,
    )
    yield ParameterPack(
        region="110000", digest=hashlib.sha256(b"x").hexdigest(), content="x", imported_at=AT
    )
    yield Appointment(person_id=person.id, function=Function.REVIEW, from_on=TODAY, made_at=AT)
    yield Benefit(
        person_id=person.id,
        region_code=PACK_REGION,
        kind=BenefitKind.PENSION,
        monthly_fen=300_000,
        from_month="2025-01",
        state=BenefitState.ACTIVE,
        certified_on=TODAY,
    )
    yield Payout(
        id=1, reference="PAYAUT", region_code=PACK_REGION, kind=PayoutKind.HEIRS, source="task:A",
        person_id=person.id, amount_fen=100, payee_name="王", payee_account="11112222",
        payee_bank="102100099996", state=PayoutState.SENT, ordered_at=AT,
    )  # fmt: skip
    yield PaymentFile(
        id=1, reference="FAYLE", region_code=PACK_REGION, debtor_name="办", debtor_account="33334444",
        debtor_bank="行", execution_on=TODAY, transactions=1, total_fen=100, made_at=AT,
        made_by_account_id=account.id, released_by_account_id=account.id,
    )  # fmt: skip


def _parts(person):
    """What names rows that are there by then."""
    yield PaymentFileLine(
        payment_file_id=1, number=1, payout_id=1, end_to_end="PAYAUT-1",
        payee_name="王", payee_account="11112222", payee_bank="102100099996", amount_fen=100,
        state=LineState.SENT,
    )  # fmt: skip
    yield BenefitEntry(
        region_code=PACK_REGION,
        month="2025-07",
        person_id=person.id,
        benefit=BenefitKind.PENSION,
        kind=BenefitEntryKind.BACK_PAY,
        sequence=0,
        amount_fen=300_000,
        recorded_at=AT,
    )


def _identities(session, person, account):
    former = make_person(session, region_code=PACK_REGION)
    checker = make_account(session, former)
    task = Task(
        reference="T1",
        kind="person.identity",
        function=Function.REGISTRATION,
        subject=f"identity:{person.id}",
        change={},
        because="户口簿 3",
        due_on=TODAY,
        made_by_account_id=account.id,
        made_at=AT,
    )
    session.add(task)
    session.flush()
    number = identity_values(make_id_number())
    yield FormerNumber(person_id=person.id, sequence=0, replaced_at=AT, **number)
    yield PersonAlias(former_id=former.id, person_id=person.id, merged_at=AT, task_id=task.id)
    yield IdentityCorrection(
        task_id=task.id,
        person_id=person.id,
        region_code=PACK_REGION,
        basis=IdentityBasis.MISTAKEN,
        changed=["name"],
        was={"name": "张韦"},
        now={"name": "张伟"},
        papers=[],
        paper="户口簿 3",
        made_by_account_id=account.id,
        checked_by_account_id=checker.id,
        corrected_at=AT,
    )
