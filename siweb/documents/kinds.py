"""Every kind of paper that the office issues, in one place, and what follows from its kind."""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from siweb.documents.tables.document import DocumentKind
from siweb.documents.tables.verification import VerificationResult


class PaperKind(NamedTuple):
    """What a kind is called, and what outdates it.

    `valid_days` is how long others can verify it: about as long as a landlord or a bank takes to
    look. None for what does not run out: a receipt is as true in ten years.
    """

    name: Any
    valid_days: int | None = None
    # It says who somebody is: a corrected name or number takes it back.
    says_who: bool = False
    # It shows months of the record: a corrected month takes it back.
    shows_months: bool = False


_DAYS = 90


def _of_record(name: Any) -> PaperKind:
    return PaperKind(name, valid_days=_DAYS, says_who=True, shows_months=True)


def _of_benefits(name: Any) -> PaperKind:
    return PaperKind(name, valid_days=_DAYS, says_who=True)


# In the order in which the signed statement numbers them: a new kind comes last, none is taken out,
# or the codes on papers that people hold would name another kind.
PAPER_KINDS = {
    DocumentKind.REVIEW_RECEIPT: PaperKind(_l("Receipt of an annual review")),
    DocumentKind.FILING_RECEIPT: PaperKind(_l("Receipt of a filing")),
    DocumentKind.RIGHTS_RECORD: _of_record(_l("Statement of social insurance rights")),
    DocumentKind.CONTRIBUTION_CERTIFICATE: _of_record(_l("Certificate of contributions")),
    DocumentKind.ASSESSMENT_NOTICE: PaperKind(_l("Notice of an assessment")),
    DocumentKind.BILL_NOTICE: PaperKind(_l("Bill for social insurance premiums")),
    DocumentKind.ENROLMENT_CERTIFICATE: _of_record(_l("Certificate of enrolment")),
    DocumentKind.PENSION_CERTIFICATE: _of_benefits(_l("Certificate of pension income")),
    DocumentKind.BENEFIT_STATEMENT: _of_benefits(_l("Statement of benefits")),
}
KINDS = {kind: each.name for kind, each in PAPER_KINDS.items()}
SAYS_WHO = frozenset(kind for kind, each in PAPER_KINDS.items() if each.says_who)
SHOWS_MONTHS = frozenset(kind for kind, each in PAPER_KINDS.items() if each.shows_months)

VERIFICATION_RESULTS = {
    VerificationResult.VALID: _l("This document is genuine"),
    VerificationResult.UNKNOWN: _l("No document found for this code"),
    VerificationResult.REVOKED: _l("This document is no longer valid"),
    VerificationResult.EXPIRED: _l("This document has expired"),
}
