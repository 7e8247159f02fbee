"""What papers are called."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from flask import Flask
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from siweb.evidence.papers.paper import Because
from siweb.evidence.tables.evidence_paper import EvidencePaper, PaperKind
from siweb.web.language.formats import day
from siweb.web.language.locale import DEFAULT_LOCALE

PAPERS: Mapping[PaperKind, Any] = MappingProxyType(
    {
        PaperKind.DECISION: _l("Written decision"),
        PaperKind.AGREEMENT: _l("Agreement"),
        PaperKind.RULES: _l("Rules of the office"),
        PaperKind.STAFFING: _l("Order on what the agency runs"),
        PaperKind.APPOINTMENT: _l("Order of appointment"),
        PaperKind.RATE_NOTICE: _l("Notice of the rate"),
        PaperKind.LICENCE: _l("Business licence"),
        PaperKind.AUTHORISATION: _l("Written authorisation"),
        PaperKind.LETTER: _l("Official letter"),
        PaperKind.INFORMATION_FORM: _l("Information form of the transfer"),
        PaperKind.ACCEPTANCE: _l("Letter of acceptance"),
        PaperKind.BANK_SLIP: _l("Slip of the bank"),
        PaperKind.BANK_LETTER: _l("Letter of the bank"),
        PaperKind.ACCOUNT_PERMIT: _l("Permit to open the account"),
        PaperKind.BANK_BOOK: _l("Bank book or card"),
        PaperKind.PAYMENT_ORDER: _l("Payment order"),
        PaperKind.PAYMENT_LIST: _l("List of payments"),
        PaperKind.REFUND_APPLICATION: _l("Application for a refund"),
        PaperKind.DEATH_CERTIFICATE: _l("Death certificate"),
        PaperKind.CREMATION: _l("Cremation certificate"),
        PaperKind.HOUSEHOLD_REGISTER: _l("Household register booklet"),
        PaperKind.POLICE_NOTICE: _l("Note of the police"),
        PaperKind.KINSHIP: _l("Certificate of kinship"),
        PaperKind.NOTARIAL_PAPER: _l("Notarial deed"),
        PaperKind.JUDGMENT: _l("Judgment or ruling"),
        PaperKind.AWARD: _l("Award of an arbitration"),
        PaperKind.PROMISE: _l("Written promise"),
        PaperKind.PRISON_NOTICE: _l("Notice of the prison"),
        PaperKind.RELEASE: _l("Certificate of release"),
        PaperKind.PERSONNEL_FILE: _l("Personnel file"),
        PaperKind.LABOUR_CONTRACT: _l("Labour contract"),
        PaperKind.PAYSLIP: _l("Payslip"),
        PaperKind.EMPLOYER_FILING: _l("Filing of the employer"),
        PaperKind.SERVICE_RETURN: _l("Return of service"),
        PaperKind.POST_RECEIPT: _l("Receipt of the post"),
        PaperKind.RETURNED_LETTER: _l("Letter that came back"),
        PaperKind.NEWSPAPER: _l("Newspaper or bulletin"),
        PaperKind.WITNESS_NOTE: _l("Note of witnesses"),
        PaperKind.OTHER: _l("Another paper"),
    }
)


def in_office_words(because: Because | EvidencePaper) -> str:
    """Return what a deed rests on as its rows, letters and notices quote it.

    These are read by others than who typed it, and once written they stay: they are in the
    office's language whatever the member of staff reads.
    """
    if isinstance(because, str):
        return because
    on = because.issued_on
    with force_locale(DEFAULT_LOCALE):
        named = because.called or str(PAPERS[because.kind])
    return f"{named} {because.number}，{on.year}年{on.month}月{on.day}日"


def resting_on(words: str, papers: Sequence[EvidencePaper]) -> list[tuple[str, str]]:
    """Return what a deed rests on, part by part, for whoever compares it with the paper.

    Words that say more than the paper, or are from before papers were kept in parts, stand too.
    """
    found = [
        line
        for paper in papers
        for line in (
            (_("Rests on"), paper.called or str(PAPERS[paper.kind])),
            (_("Number of the paper"), paper.number),
            (_("Date of the paper"), day(paper.issued_on)),
        )
    ]
    is_quoted = words in {in_office_words(paper) for paper in papers}
    return found if is_quoted else [*found, (_("Rests on"), words)]


def install(app: Flask) -> None:
    """Let templates say what a deed rests on."""
    app.jinja_env.globals["resting_on"] = resting_on
