"""The labels of documents, on pages and papers."""

from flask_babel import lazy_gettext as _l

from siweb.documents.tables.document import DocumentKind
from siweb.documents.tables.verification import VerificationResult

KINDS = {
    DocumentKind.REVIEW_RECEIPT: _l("Receipt of an annual review"),
    DocumentKind.FILING_RECEIPT: _l("Receipt of a filing"),
    DocumentKind.RIGHTS_RECORD: _l("Statement of social insurance rights"),
    DocumentKind.CONTRIBUTION_CERTIFICATE: _l("Certificate of contributions"),
    DocumentKind.ASSESSMENT_NOTICE: _l("Notice of an assessment"),
    DocumentKind.BILL_NOTICE: _l("Bill for social insurance premiums"),
}
VERIFICATION_RESULTS = {
    VerificationResult.VALID: _l("This document is genuine"),
    VerificationResult.UNKNOWN: _l("No document found for this code"),
    VerificationResult.REVOKED: _l("This document is no longer valid"),
    VerificationResult.EXPIRED: _l("This document has expired"),
}
