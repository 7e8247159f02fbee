"""The forms with which staff find a person and move or end an account."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.ledgers.account.transfer import Brought
from siweb.web.forms.fields import MoneyField, PageForm
from siweb.web.forms.number_fields import IdNumberField
from siweb.web.forms.typed_fields import DayField, MonthField, Needed, WholeField

_TOO_LONG = _l("Use at most %(max)d characters.")


class FindForm(PageForm):
    """Whom the page is about."""

    id_number = IdNumberField(
        _l("Citizen ID number"),
        [InputRequired(_l("Enter the ID number."))],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 30},
    )


class RevokeForm(ScansForm):
    """Which paper is not to be believed any more, and what shows it."""

    refused_at = MappingProxyType({"paper_gone": "reference"})

    reference = SelectField(_l("Paper"), [InputRequired(_l("Choose the paper."))])
    reason = paper_field(
        _l("Paper that it rests on"),
        PaperKind.DECISION,
        PaperKind.LETTER,
        PaperKind.POLICE_NOTICE,
        PaperKind.JUDGMENT,
    )


class TemporaryForm(ScansForm):
    """Where the household is registered, and the day whose age decides."""

    refused_at = MappingProxyType({"ordinary": "joined_on", "joined_to_come": "joined_on"})

    household = SelectField(
        _l("Province of the household register"), [InputRequired(_l("Choose the province."))]
    )
    joined_on = DayField(
        _l("First day at work here"),
        [Needed(_l("Enter the day."))],
        description=_l("As in the labour contract: the age on that day decides."),
    )
    register = paper_field(_l("Household booklet"), PaperKind.HOUSEHOLD_REGISTER)


class OrdinaryForm(ScansForm):
    """Why an account is no temporary one (any more)."""

    reason = paper_field(
        _l("Paper that it rests on"),
        PaperKind.HOUSEHOLD_REGISTER,
        PaperKind.LETTER,
        PaperKind.DECISION,
        PaperKind.LABOUR_CONTRACT,
    )


class BringForm(ScansForm):
    """What another region certifies when an account comes from there."""

    refused_at = MappingProxyType(
        {
            "month_order": "through_month",
            "month_to_come": "through_month",
            "overlaps": "through_month",
            "too_many_months": "months",
            "empty": "amount",
        }
    )

    other_region = StringField(
        _l("From which region"),
        [InputRequired(_l("Enter the region.")), Length(max=60, message=_TOO_LONG)],
    )
    from_month = MonthField(_l("First month"), [Needed(_l("Enter the first month."))])
    through_month = MonthField(_l("Last month"), [Needed(_l("Enter the last month."))])
    months = WholeField(
        _l("Months of contributions"),
        [
            Needed(_l("Enter the number of months.")),
            NumberRange(1, 900, message=_l("Enter a number from 1 to 900.")),
        ],
        description=_l(
            "As on the certificate: there may be gaps between the first month and the last."
        ),
    )
    amount = MoneyField(
        _l("Amount of the account, in yuan"),
        [InputRequired(_l("Enter the amount transferred."))],
        render_kw={"inputmode": "decimal"},
    )

    certificate = paper_field(
        _l("Certificate of the other region"), PaperKind.INFORMATION_FORM, PaperKind.LETTER
    )

    def brought(self) -> Brought:
        """Return what was typed."""
        return Brought(
            self.other_region.data or "",
            self.from_month.data,
            self.through_month.data,
            self.months.data or 0,
            self.amount.data,
        )


class SendForm(ScansForm):
    """Where an account goes, and on what paper."""

    to_region = StringField(
        _l("To which region"),
        [InputRequired(_l("Enter the region.")), Length(max=60, message=_TOO_LONG)],
    )
    letter = paper_field(
        _l("Letter of the other region"),
        PaperKind.LETTER,
        PaperKind.ACCEPTANCE,
        PaperKind.INFORMATION_FORM,
    )


class DeathForm(ScansForm):
    """When somebody died."""

    refused_at = MappingProxyType(
        {
            "known": "died_on",
            "to_come": "died_on",
            "before_birth": "died_on",
        }
    )

    died_on = DayField(_l("Date of death"), [Needed(_l("Enter the date of death."))])
    proof = paper_field(
        _l("Proof of the death"),
        PaperKind.DEATH_CERTIFICATE,
        PaperKind.CREMATION,
        PaperKind.HOUSEHOLD_REGISTER,
        PaperKind.POLICE_NOTICE,
        PaperKind.JUDGMENT,
        PaperKind.PROMISE,
    )


class AliveForm(ScansForm):
    """What shows that somebody is alive who was registered as dead."""

    alive = paper_field(
        _l("Proof that the person is alive"),
        PaperKind.POLICE_NOTICE,
        PaperKind.JUDGMENT,
        PaperKind.HOUSEHOLD_REGISTER,
        PaperKind.LETTER,
    )


class HeirsForm(ScansForm):
    """By which paper the heirs of an account are known."""

    succession = paper_field(
        _l("Proof of who the heirs are"),
        PaperKind.NOTARIAL_PAPER,
        PaperKind.JUDGMENT,
        PaperKind.KINSHIP,
        PaperKind.HOUSEHOLD_REGISTER,
        PaperKind.PROMISE,
        PaperKind.AGREEMENT,
    )
