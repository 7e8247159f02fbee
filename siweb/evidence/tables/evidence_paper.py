"""What the paper is that a deed rests on: its kind, its number and its day."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import word


class PaperKind(StrEnum):
    """The papers of the field; each form offers those that may be shown for its deed."""

    DECISION = "decision"
    AGREEMENT = "agreement"
    RULES = "rules"
    STAFFING = "staffing"
    APPOINTMENT = "appointment"
    RATE_NOTICE = "rate_notice"
    LICENCE = "licence"
    AUTHORISATION = "authorisation"
    LETTER = "letter"
    INFORMATION_FORM = "information_form"
    ACCEPTANCE = "acceptance"
    BANK_SLIP = "bank_slip"
    BANK_LETTER = "bank_letter"
    ACCOUNT_PERMIT = "account_permit"
    BANK_BOOK = "bank_book"
    PAYMENT_ORDER = "payment_order"
    PAYMENT_LIST = "payment_list"
    REFUND_APPLICATION = "refund_application"
    DEATH_CERTIFICATE = "death_certificate"
    CREMATION = "cremation"
    HOUSEHOLD_REGISTER = "household_register"
    POLICE_NOTICE = "police_notice"
    KINSHIP = "kinship"
    NOTARIAL_PAPER = "notarial_paper"
    JUDGMENT = "judgment"
    AWARD = "award"
    PROMISE = "promise"
    PRISON_NOTICE = "prison_notice"
    RELEASE = "release"
    PERSONNEL_FILE = "personnel_file"
    LABOUR_CONTRACT = "labour_contract"
    PAYSLIP = "payslip"
    EMPLOYER_FILING = "employer_filing"
    SERVICE_RETURN = "service_return"
    POST_RECEIPT = "post_receipt"
    RETURNED_LETTER = "returned_letter"
    NEWSPAPER = "newspaper"
    WITNESS_NOTE = "witness_note"
    OTHER = "other"


# Neither database adds up what is true; both count what is there.
ONE_OWNER = (
    " + ".join(
        f"CASE WHEN {owner} IS NULL THEN 0 ELSE 1 END"
        for owner in ("task_id", "mandate_id", "transfer_event_id", "message_service_id")
    )
    + " = 1"
)


class EvidencePaper(Base):
    """Rows are only added: a deed that rested on the wrong paper is corrected by another deed.

    Of deeds from before there were such rows the words of the deed itself say it.
    """

    __tablename__ = "evidence_paper"
    __table_args__ = (
        CheckConstraint(ONE_OWNER, name="one_owner"),
        CheckConstraint("(kind = 'other') = (called <> '')", name="called"),
        CheckConstraint("number <> ''", name="has_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"), index=True)
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"), index=True)
    transfer_event_id: Mapped[int | None] = mapped_column(
        ForeignKey("transfer_event.id"), index=True
    )
    message_service_id: Mapped[int | None] = mapped_column(
        ForeignKey("message_service.id"), index=True
    )
    kind: Mapped[PaperKind] = mapped_column(word(PaperKind, "kind"))
    # What another paper is called; the listed ones have their name.
    called: Mapped[str] = mapped_column(String(60), default="")
    number: Mapped[str] = mapped_column(String(80))
    issued_on: Mapped[date]
