"""Rows for tests, valid unless the test says otherwise. Append what you need."""

import itertools
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from siweb.audit.actor import SYSTEM
from siweb.auth.tables.account import Account
from siweb.auth.tables.mandate import Mandate, MandateKind
from siweb.documents.issue import issue_document
from siweb.documents.payload import receipt_payload
from siweb.documents.tables.document import Document, DocumentKind
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.pensions.figures import count_of, work_out
from siweb.pensions.tables.pension_application import ApplicationState, PensionApplication
from siweb.registry.claim_enrolments import claim_enrolments
from siweb.registry.codes import AgencyKind, Insurance, RetirementCategory, Scheme, Sex
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.enrolment_claim import EnrolmentClaim
from siweb.registry.tables.person import Person
from siweb.registry.tables.region import Region
from siweb.rules.identifiers.identity_number import check_character
from siweb.rules.identifiers.uscc import org_check_character, uscc_check_character
from siweb.rules.parameters.load import load_packs
from siweb.transfers.tables.pension_transfer import (
    PensionTransfer,
    TransferDirection,
    TransferState,
)

AT = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
REGION = "310100"
_serial = itertools.count(1)


def _keep(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def make_region(session: Session, code: str = REGION, **values: Any) -> Region:
    """A hosted region; the same code twice is the same region."""
    known = session.get(Region, code)
    if known is not None:
        return known
    given = {
        "name_zh": "示范市",
        "name_en": "Shifan",
        "pinyin": "shifan",
        "province_zh": "示范省",
        "province_en": "Shifan Province",
        "is_hosted": True,
    }
    return _keep(session, Region(code=code, **(given | values)))


def make_agency(session: Session, region: str, kind: AgencyKind = AgencyKind.HRSS) -> Agency:
    """An agency of a region; it runs every insurance until a test says which."""
    words = {"name_zh": "人社局", "name_en": "Agency", "address_zh": "", "address_en": ""}
    code = make_region(session, region).code
    return _keep(session, Agency(region_code=code, kind=kind, phone="12333", **words))


def make_id_number(born_on: date = date(1985, 3, 5), serial: int | None = None) -> str:
    """A valid citizen ID number; odd serials are men's."""
    number = next(_serial) if serial is None else serial
    region = 310101 + (number // 1000) * 10
    first_17 = f"{region}{born_on:%Y%m%d}{number % 1000:03}"
    return first_17 + check_character(first_17)


def make_person(session: Session, **values: Any) -> Person:
    born_on = values.get("born_on", date(1985, 3, 5))
    given = {
        "id_number": make_id_number(born_on),
        "name": "张伟",
        "sex": Sex.MALE,
        "born_on": born_on,
        "region_code": make_region(session, values.get("region_code", REGION)).code,
        "retirement_category": RetirementCategory.MALE,
        "registered_at": AT,
    }
    return _keep(session, Person(**(given | values)))


def make_uscc() -> str:
    first_8 = f"MA1{next(_serial):05}"
    first_17 = "91310101" + first_8 + org_check_character(first_8)
    return first_17 + uscc_check_character(first_17)


def make_employer(session: Session, **values: Any) -> Employer:
    given = {
        "uscc": make_uscc(),
        "name": "示范科技有限公司",
        "region_code": make_region(session, values.get("region_code", REGION)).code,
        "kind": "enterprise",
        "industry_code": "I65",
        "injury_class": 1,
        "established_on": date(2015, 1, 1),
        "registered_at": AT,
    }
    return _keep(session, Employer(**(given | values)))


def make_enrolment(
    session: Session,
    person: Person,
    insurance: Insurance = Insurance.PENSION,
    *,
    employer: Employer | None = None,
    **values: Any,
) -> Enrolment:
    given = {
        "person_id": person.id,
        "region_code": person.region_code,
        "insurance": insurance,
        "scheme": Scheme.EMPLOYEE if employer else Scheme.FLEXIBLE,
        "employer_id": employer.id if employer else None,
        "from_month": "2024-01",
    }
    given |= values
    same = [Enrolment.person_id == given["person_id"], Enrolment.insurance == given["insurance"]]
    numbers = select(func.count()).where(*same, Enrolment.from_month == given["from_month"])
    enrolment = _keep(session, Enrolment(**({"sequence": session.scalar(numbers)} | given)))
    columns = Enrolment.__table__.primary_key.columns
    key = zip(columns, inspect(enrolment).identity, strict=True)
    held = select(EnrolmentClaim).where(
        EnrolmentClaim.person_id == enrolment.person_id,
        EnrolmentClaim.insurance == enrolment.insurance,
        EnrolmentClaim.employer_id == enrolment.insuring_employer_id,
    )
    # An office made before there were claims may have somebody open twice.
    if session.scalar(held) is None:
        claim_enrolments(session, *(column == value for column, value in key))
    return enrolment


def make_record(
    session: Session,
    person: Person,
    month: str,
    insurance: Insurance = Insurance.PENSION,
    *,
    employer: Employer | None = None,
    **values: Any,
) -> ContributionRecord:
    """A paid month of pension at a base of 10,000 yuan, 16 % and 8 %."""
    sequence = session.scalar(
        select(func.count()).where(
            ContributionRecord.person_id == person.id,
            ContributionRecord.contribution_month == month,
            ContributionRecord.insurance == insurance,
        )
    )
    given = {
        "person_id": person.id,
        "sequence": sequence,
        "region_code": person.region_code,
        "insurance": insurance,
        "scheme": Scheme.EMPLOYEE if employer else Scheme.FLEXIBLE,
        "employer_id": employer.id if employer else None,
        "contribution_month": month,
        "declared_base_fen": 1_000_000,
        "base_fen": 1_000_000,
        "employer_fen": 160_000,
        "employee_fen": 80_000,
        "account_fen": 80_000,
        "paid_on": date(int(month[:4]), int(month[5:]), 20),
        "recorded_at": AT,
    }
    return _keep(session, ContributionRecord(**(given | values)))


def about(record: ContributionRecord) -> dict[str, Any]:
    """What an account entry says besides person and month to name its record."""
    return {
        "region_code": record.region_code,
        "record_insurance": record.insurance,
        "record_employer_id": record.insuring_employer_id,
        "record_sequence": record.sequence,
    }


def make_account_entry(
    session: Session, person: Person, year: int, kind: EntryKind, amount_fen: int, **values: Any
) -> AccountEntry:
    given = {
        "person_id": person.id, "region_code": person.region_code, "posted_on": date(year, 12, 31),
    }  # fmt: skip
    return _keep(
        session, AccountEntry(year=year, kind=kind, amount_fen=amount_fen, **(given | values))
    )


def make_pension_application(
    session: Session, person: Person, from_month: str = "2026-12", **values: Any
) -> PensionApplication:
    """An application that waits for its decision."""
    counted, on = count_of(session, person), date(2026, 11, 24)
    figures = work_out(person, counted, from_month, packs=load_packs(), on=on)
    given = {
        "reference": f"PENSN{person.id:05}",
        "person_id": person.id,
        "region_code": person.region_code,
        "state": ApplicationState.SENT,
        "from_month": from_month,
        "bank_name": "示范银行",
        "bank_card": "6222021234567890128",
        "address": "示范路1号",
        "applied_at": AT,
        "decide_by": on,
        "estimate": figures.as_dict(),
    }
    return _keep(session, PensionApplication(**(given | values)))


def make_pension_transfer(session: Session, person: Person, **values: Any) -> PensionTransfer:
    """A transfer to another region, of which the money has not moved yet."""
    given = {
        "reference": f"TRNSF{person.id:05}",
        "person_id": person.id,
        "region_code": person.region_code,
        "direction": TransferDirection.OUT,
        "state": TransferState.FORM,
        "from_code": person.region_code,
        "other_region": "江苏省南京市",
        "applied_at": AT,
        "due_on": date(2026, 12, 15),
        "done_by": date(2027, 1, 27),
    }
    return _keep(session, PensionTransfer(**(given | values)))


def make_employment(session: Session, person: Person, employer: Employer, **values: Any) -> Any:
    given = {
        "person_id": person.id,
        "employer_id": employer.id,
        "hired_on": date(2024, 1, 8),
        "registered_at": AT,
    }
    return _keep(session, Employment(**(given | values)))


def make_account(session: Session, person: Person, **values: Any) -> Account:
    """An account whose password nobody knows: tests sign in without one."""
    given = {"password_hash": "", "created_at": AT, "password_changed_at": AT}
    return _keep(session, Account(person_id=person.id, **(given | values)))


def make_mandate(
    session: Session, account: Account, employer: Employer, kind: str = "owner", **values: Any
) -> Mandate:
    given = {"from_on": date(2026, 1, 5), "granted_at": AT, "kind": MandateKind(kind)}
    return _keep(
        session,
        Mandate(account_id=account.id, employer_id=employer.id, **(given | values)),
    )


def make_certificate(session: Session, person: Person, *, secret: str = "k" * 40) -> Document:
    words = {"zh_Hans": "参保证明", "en": "Certificate"}
    issued = issue_document(
        session,
        kind=DocumentKind.ENROLMENT_CERTIFICATE,
        subject=("record_months", f"{person.id}/{next(_serial)}"),
        person_id=person.id,
        region_code=person.region_code,
        payload=receipt_payload(
            name=person.name,
            id_number=person.id_number,
            matter=words,
            outcome=words,
            outcome_code="issued",
            decided_on=AT.date(),
        ),
        secret=secret,
        at=AT,
        actor=SYSTEM,
        valid_days=366,
    )
    return session.get_one(Document, issued.document_id)
