"""The form of a certificate: of the fields each kind has those that it asks for."""

from datetime import date
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from siweb.ledgers.certificates.certificate import Asked, Certificate, CertificateRefused
from siweb.ledgers.record.first_year import FIRST_YEAR
from siweb.rules.calendar.months import add_months, month_of
from siweb.rules.errors import Refusal
from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import MonthField, Needed, WholeField

_FIELDS = ("year", "from_month", "to_month", "layout")
REFUSALS = {
    "nothing_recorded": _l("Nothing is recorded for you then: there is nothing to certify."),
    "no_pension": _l("No pension is paid to you: there is nothing to certify."),
    "no_benefits": _l("Nothing was paid to you in this year: there is nothing to state."),
    "month_order": _l("The last month is before the first."),
    "month_to_come": _l("A month that has not begun cannot be certified."),
    "too_many_months": _l(
        "At most %(most)s months go on this paper. Choose fewer, or the months put together."
    ),
    "revoked_today": _l(
        "Today’s paper was taken back by the agency and is no longer valid. You can get a new one "
        "from tomorrow: it bears its own day. If the paper was right, tell the agency."
    ),
    "year_to_come": _l("Enter a year from %(first)s to %(last)s."),
}


class CertificateForm(PageForm):
    refused_at: ClassVar = {
        "month_order": "to_month",
        "month_to_come": "to_month",
        "too_many_months": "from_month",
        "no_benefits": "year",
        "year_to_come": "year",
    }

    year = WholeField(_l("Year of the paper"), [Needed(_l("Enter a year, such as 2026."))])
    from_month = MonthField(
        _l("First month"),
        [Needed(_l("Enter the first month, such as 2026-03."))],
        description=_l("Such as 2026-03."),
    )
    to_month = MonthField(_l("Last month"), [Needed(_l("Enter the last month, such as 2026-03."))])
    layout = RadioField(
        _l("How it is laid out"),
        [InputRequired(_l("Choose how it is laid out."))],
        choices=[
            SelectChoice("segments", _l("Put together: one line for months that are alike")),
            SelectChoice("months", _l("Month by month")),
        ],
    )

    @classmethod
    def of(cls, certificate: Certificate, on: date) -> "CertificateForm":
        """Return the form of a kind, filled in with what most people ask for."""
        this_month = month_of(on)
        form = cls(
            year=on.year,
            from_month=add_months(this_month, -12),
            to_month=add_months(this_month, -1),
            layout="segments",
        )
        for name in _FIELDS:
            if name not in certificate.asks:
                del form[name]
        return form

    def asked(self, on: date) -> Asked:
        """Return what was chosen.

        :raises CertificateRefused: "year_to_come" for a year that has no record.
        """
        given: dict[str, Any] = {name: self[name].data for name in _FIELDS if name in self}
        layout = given.pop("layout", "")
        if "year" in given and not FIRST_YEAR <= given["year"] <= on.year:
            raise CertificateRefused("year_to_come", first=FIRST_YEAR, last=on.year)
        return Asked(**given, by_months=layout == "months")


def why(refused: Refusal) -> str:
    """Return why a certificate was not issued, in the reader's language."""
    return str(REFUSALS[refused.code]) % refused.facts
