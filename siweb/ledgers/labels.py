"""The words of the record and the account; a mark is a sign and a word, never a colour alone."""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from siweb.ledgers.mark_state import MarkState
from siweb.ledgers.tables.account_entry import EntryKind
from siweb.ledgers.tables.contribution_record import RecordKind
from siweb.registry.codes import Insurance


class MarkWords(NamedTuple):
    """How a month looks: a sign, what a screen reader says and the legend shows, a class."""

    sign: str
    says: Any
    css: str = ""


MARKS = {
    MarkState.PAID: MarkWords("✓", _l("Paid")),
    MarkState.BACK_PAID: MarkWords("✓+", _l("paid later")),
    MarkState.UNPAID: MarkWords("…", _l("Not paid yet"), "u"),
    MarkState.MISSING: MarkWords("!", _l("missing"), "missing"),
    MarkState.NOT_ENROLLED: MarkWords("–", _l("not insured"), "none"),
    MarkState.NOT_DUE: MarkWords("·", _l("not due yet"), "none"),
}
# Short enough to stand before twelve columns, or above one, on a phone.
SHORT_INSURANCES = {
    Insurance.PENSION: lazy_pgettext("row of twelve months", "Pension"),
    Insurance.MEDICAL: lazy_pgettext("row of twelve months", "Medical"),
    Insurance.UNEMPLOYMENT: lazy_pgettext("row of twelve months", "Jobless"),
    Insurance.WORK_INJURY: lazy_pgettext("row of twelve months", "Injury"),
    Insurance.MATERNITY: lazy_pgettext("row of twelve months", "Maternity"),
}
RECORD_KINDS = {
    RecordKind.REGULAR: _l("Monthly contribution"),
    RecordKind.BACK_PAYMENT: _l("Paid later for this month"),
    RecordKind.ADJUSTMENT: _l("Adjustment"),
    RecordKind.REVERSAL: _l("Taken back"),
}
ENTRY_KINDS = {
    EntryKind.OPENING: _l("Brought forward"),
    EntryKind.CREDIT: _l("Paid in"),
    EntryKind.INTEREST: _l("Interest"),
    EntryKind.PROVISIONAL_INTEREST: _l("Provisional interest"),
    EntryKind.TRANSFER_IN: _l("Transfer from another region"),
    EntryKind.TRANSFER_OUT: _l("Transfer to another region"),
    EntryKind.INHERITANCE: _l("Paid to heirs"),
    EntryKind.REVERSAL: _l("Taken back"),
}
