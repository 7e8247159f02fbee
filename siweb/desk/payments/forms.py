"""The forms with which staff say what becomes of a payment."""

import re
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField
from wtforms.validators import InputRequired, Optional, ValidationError

from siweb.collection.payments.bank_reference import bill_id_of, printed
from siweb.collection.payments.by_staff import MOST_PARTS, SplitPart
from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.web.forms.fields import MoneyField, PageForm
from siweb.web.forms.typed_fields import DayField, Needed, TypedField

_DIGITS = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "24"}
_LONGEST_REFERENCE = 18


class ReferenceField(TypedField):
    """A bill's bank reference, with or without the spaces that it is printed with."""

    def read(self, typed: str) -> int:
        """Read a reference, and hold its two last digits against the others."""
        digits = re.sub(r"[ \-]", "", typed)
        is_number = digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_REFERENCE
        if not is_number or not bill_id_of(int(digits)):
            raise ValidationError(
                _l("This is not the reference of a bill: compare it digit by digit.")
            )
        return int(digits)


class MatchForm(PageForm):
    """Which bill a payment is for."""

    refused_at = MappingProxyType(
        {
            "no_such_bill": "reference",
            "other_region": "reference",
            "nothing_owed": "reference",
            "two_payers": "reference",
            "not_issued": "reference",
            "written_off": "reference",
            "refund_waits": "reference",
        }
    )

    reference = ReferenceField(
        _l("Reference of the bill"),
        [Needed(_l("Enter the reference of the bill."))],
        render_kw=_DIGITS,
    )


def _more_than_nothing(_form: Any, field: Any) -> None:
    if field.data == 0:
        raise ValidationError(_("Enter an amount of more than 0."))


class PartForm(Form):
    """A bill, and how much of the payment is for it."""

    reference = ReferenceField(_l("Reference of the bill"), [Optional()], render_kw=_DIGITS)
    amount = MoneyField(
        _l("Amount in yuan"),
        [Optional(), _more_than_nothing],
        render_kw={"inputmode": "decimal"},
    )


class SplitForm(PageForm):
    """How a payment is split among bills."""

    parts = FieldList(FormField(PartForm), min_entries=2, max_entries=MOST_PARTS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, part in enumerate(self.parts, 1):
            reference, amount = part.form.reference, part.form.amount
            reference.label.text = _("Reference of bill %(number)s", number=number)
            amount.label.text = _("Amount for bill %(number)s, in yuan", number=number)

    def given(self) -> list[SplitPart]:
        """Return the parts that name a bill and an amount."""
        return [
            SplitPart(part.form.reference.data, part.form.amount.data)
            for part in self.parts
            if part.form.reference.data and part.form.amount.data
        ]


def split_form(offered: Sequence[SplitPart], prefix: str) -> SplitForm:
    """Return the form with the parts that are offered."""
    parts: list[dict[str, Any]] = [
        {"reference": printed(part.reference), "amount": part.amount_fen} for part in offered
    ]
    return SplitForm(None, prefix=prefix, data={"parts": parts})


class KeepForm(PageForm):
    """Whose credit the rest stays."""

    refused_at = MappingProxyType(
        {
            "no_such_bill": "reference",
            "no_payer": "reference",
            "other_region": "reference",
            "two_payers": "reference",
        }
    )

    reference = ReferenceField(
        _l("Reference of any bill of the payer"),
        [Optional()],
        description=_l("Only where the payer has not been identified yet."),
        render_kw=_DIGITS,
    )


class RefundForm(ScansForm):
    """How much is paid back."""

    refused_at = MappingProxyType({"too_much": "amount"})

    amount = MoneyField(
        _l("Amount to pay back, in yuan"),
        [InputRequired(_l("Enter the amount.")), _more_than_nothing],
        render_kw={"inputmode": "decimal"},
    )
    because = paper_field(
        _l("What the refund rests on"),
        PaperKind.REFUND_APPLICATION,
        PaperKind.DECISION,
        PaperKind.JUDGMENT,
        PaperKind.BANK_LETTER,
    )


class ReverseForm(PageForm):
    """When the bank took the payment back."""

    on = DayField(_l("Date of the return by the bank"), [Needed(_l("Enter the date."))])
