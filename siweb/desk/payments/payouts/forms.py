"""The forms of payouts: to which account, from which account and when, what the bank answered."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from siweb.collection.payouts.order import Payee
from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import DayField, Needed

_DIGITS = {"inputmode": "numeric", "autocomplete": "off"}
_TOO_LONG = _l("Use at most %(max)d characters.")


class PayeeForm(ScansForm):
    """To which account the money goes."""

    refused_at = MappingProxyType(
        {
            "account_number": "account",
            "account_checksum": "account",
            "bank_number": "bank",
        }
    )

    name = StringField(
        _l("Name of the account’s holder"),
        [InputRequired(_l("Enter the holder’s name.")), Length(max=140, message=_TOO_LONG)],
    )
    account = StringField(
        _l("Account number"),
        [InputRequired(_l("Enter the account number.")), Length(max=60, message=_TOO_LONG)],
        render_kw=_DIGITS,
    )
    bank = StringField(
        _l("Number of the bank (12 digits), where it is known"),
        [Length(max=20, message=_TOO_LONG)],
        render_kw=_DIGITS,
    )
    because = paper_field(
        _l("What the account rests on"),
        PaperKind.BANK_BOOK,
        PaperKind.BANK_LETTER,
        PaperKind.NOTARIAL_PAPER,
        PaperKind.REFUND_APPLICATION,
        PaperKind.AUTHORISATION,
    )

    def payee(self) -> Payee:
        """Return what was typed."""
        bank = (self.bank.data or "").replace(" ", "")
        return Payee(self.name.data or "", self.account.data or "", bank)


class ReleaseForm(ScansForm):
    """From which account of the office a file pays, and when."""

    refused_at = MappingProxyType({"no_account": "account", "day_past": "on"})

    region = SelectField(_l("Region"))
    account = SelectField(_l("Account of the office"))
    on = DayField(_l("Day on which the bank pays"), [Needed(_l("Enter the date."))])
    because = paper_field(
        _l("What the file rests on"),
        PaperKind.PAYMENT_ORDER,
        PaperKind.PAYMENT_LIST,
        PaperKind.DECISION,
    )


class AnswerForm(PageForm):
    """What the bank answered."""

    file = FileField(
        _l("Answer of the bank (ISO 20022 pain.002)"),
        [FileRequired(_l("Choose the file."))],
        render_kw={"accept": ".xml,.txt"},
    )
