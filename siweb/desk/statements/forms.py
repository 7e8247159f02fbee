"""The forms with which staff hand in a statement and settle what was not simply booked."""

from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from siweb.collection.statements.reading.csv_mapping import CsvMapping
from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import DayField, Needed, TypedField, WholeField

_TOO_LONG = _l("Use at most %(max)d characters.")
_LONGEST_BANK = 40
_MOST_LINES = 100
_LONGEST_NUMBER = 15
_DAY_SHAPES = (
    ("%Y-%m-%d", "2026-03-05"),
    ("%Y%m%d", "20260305"),
    ("%Y/%m/%d", "2026/03/05"),
    ("%Y.%m.%d", "2026.03.05"),
    ("%Y年%m月%d日", "2026年03月05日"),
)


class StatementForm(PageForm):
    """A bank statement."""

    refused_at = MappingProxyType({"empty": "file", "not_a_sheet": "file"})

    region = SelectField(_l("Region"))
    bank = StringField(
        _l("Bank"),
        [
            InputRequired(_l("Enter the bank’s name, the same each time.")),
            Length(max=_LONGEST_BANK, message=_TOO_LONG),
        ],
        description=_l(
            "The columns are named once for each bank; “tax” stands for the tax office's list."
        ),
    )
    account = SelectField(
        _l("Account of the office"),
        description=_l("Choose it where the file does not name it."),
    )
    file = FileField(
        _l("Statement (CSV, spreadsheet, or ISO 20022 camt.053)"),
        [FileRequired(_l("Choose the file."))],
        render_kw={"accept": ".csv,.xml,.txt,.xlsx,.xls"},
    )


def _because(label: Any) -> StringField:
    return StringField(
        label,
        [
            InputRequired(_l("Enter the reason.")),
            Length(max=200, message=_TOO_LONG),
        ],
    )


class ConfirmForm(PageForm):
    """Why a statement is imported that contradicts itself."""

    because = _because(_l("Why the statement is right nevertheless"))


class WithdrawForm(PageForm):
    """Why an import is taken back."""

    because = _because(_l("Reason for undoing the import"))


class DismissForm(PageForm):
    """Why an entry is left out of the books."""

    because = _because(_l("Reason for not booking"))


class BookForm(PageForm):
    """On which day an entry's money came."""

    refused_at = MappingProxyType({"day_odd": "on"})

    on = DayField(_l("Date on which the money came in"), [Needed(_l("Enter the date."))])


class PaymentNumberField(TypedField):
    """The number of a payment, as its page shows it."""

    def read(self, typed: str) -> int:
        """Read a number that a database can hold."""
        if not typed.isascii() or not typed.isdigit() or len(typed) > _LONGEST_NUMBER:
            raise ValidationError(_l("Enter the number of the payment."))
        return int(typed)


class ReturnForm(PageForm):
    """Which payment the bank took back."""

    refused_at = MappingProxyType({"other_amount": "payment"})

    payment = PaymentNumberField(
        _l("Number of the payment"),
        [Needed(_l("Enter the number of the payment."))],
        description=_l("It is shown on the payment's page."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


class AccountForm(ScansForm):
    """An account of the office."""

    refused_at = MappingProxyType({"number": "number", "registered": "number"})

    number = StringField(
        _l("Number of the account"),
        [InputRequired(_l("Enter the number of the account.")), Length(max=60, message=_TOO_LONG)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    bank = StringField(
        _l("Bank"),
        [InputRequired(_l("Enter the bank’s name.")), Length(max=40, message=_TOO_LONG)],
    )
    region = SelectField(_l("Whose money comes there"), default="")
    because = paper_field(
        _l("Letter of the bank, or agreement with it"),
        PaperKind.ACCOUNT_PERMIT,
        PaperKind.BANK_LETTER,
        PaperKind.AGREEMENT,
    )


def _heading(label: Any, **more: Any) -> StringField:
    return StringField(label, [Length(max=80, message=_TOO_LONG)], **more)


class MappingForm(PageForm):
    """The headings of a bank's CSV."""

    day = StringField(
        _l("Heading of the date"),
        [
            InputRequired(_l("Enter the heading of the date.")),
            Length(max=80, message=_TOO_LONG),
        ],
    )
    day_shape = SelectField(
        _l("Date format"),
        choices=[SelectChoice(shape, shown) for shape, shown in _DAY_SHAPES],
    )
    credit = _heading(
        _l("Heading of the amount that came in"),
        description=_l("Or leave it empty and name one column of amounts below."),
    )
    amount = _heading(_l("Heading of the amount, where in and out share a column"))
    direction = _heading(_l("Heading of credit or debit"))
    credit_words = _heading(
        _l("Words for money that came in"),
        description=_l("Several with commas between."),
    )
    payer_name = _heading(_l("Heading of the payer’s name"))
    payer_account = _heading(_l("Heading of the payer’s account"))
    debit = _heading(
        _l("Heading of the amount that went out"),
        description=_l("With the balance, it proves that no line is missing."),
    )
    balance = _heading(_l("Heading of the balance"))
    remittance = _heading(
        _l("Headings of the remittance text"), description=_l("Several with commas between.")
    )
    entry_id = _heading(
        _l("Heading of the bank’s own number"),
        description=_l("It distinguishes two equal entries from one that appears in two files."),
    )
    encoding = SelectField(
        _l("Character encoding"),
        choices=[SelectChoice("utf-8-sig", "UTF-8"), SelectChoice("gb18030", "GBK / GB 18030")],
    )
    delimiter = SelectField(
        _l("Column separator"),
        choices=[
            SelectChoice(",", _l("comma")),
            SelectChoice(";", _l("semicolon")),
            SelectChoice("\t", _l("tab")),
        ],
    )
    skipped_lines = WholeField(
        _l("Lines above the headings"),
        [NumberRange(0, _MOST_LINES, message=_l("Enter a number from 0 to 100."))],
        default=0,
    )

    def validate_amount(self, field: Any) -> None:
        """Refuse a mapping without any amount."""
        if not field.data and not self.credit.data:
            raise ValidationError(_("Name the column of the amounts."))

    def mapping(self) -> CsvMapping:
        """Return the mapping as typed."""
        plain: dict[str, Any] = {
            name: getattr(self, name).data or ""
            for name in (
                "day", "credit", "amount", "direction", "payer_name", "payer_account",
                "entry_id", "debit", "balance", "day_shape", "encoding", "delimiter",
            )
        }  # fmt: skip
        return CsvMapping(
            **plain,
            credit_words=_several(self.credit_words.data),
            remittance=_several(self.remittance.data),
            skipped_lines=self.skipped_lines.data or 0,
        )


def _several(text: str | None) -> tuple[str, ...]:
    parts = (text or "").replace("，", ",").split(",")
    return tuple(part.strip() for part in parts if part.strip())


def mapping_form(kept: dict[str, Any] | None) -> MappingForm:
    """Return the form with the mapping that is kept."""
    given = dict(kept or {})
    for name in ("credit_words", "remittance"):
        given[name] = ", ".join(given.get(name, ()))
    return MappingForm(data=given)
