"""What an employer is told of what it filed."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import MessageKind, Reader

FILING_ACCEPTED = MessageKind(
    "filing_accepted",
    Reader.EMPLOYER,
    _l("A filing was accepted"),
    _l("Its receipt is ready."),
    "filings.show_filings",
)
FILING_WITHDRAWN = MessageKind(
    "filing_withdrawn",
    Reader.EMPLOYER,
    _l("A filing was withdrawn"),
    _l("See which of its rows no longer hold."),
    "filings.show_filings",
)
FILING_FINDINGS = MessageKind(
    "filing_findings",
    Reader.EMPLOYER,
    _l("A filing has rows to correct"),
    _l("They are not filed until they are corrected and sent."),
    "filings.show_filings",
)
