"""The form that begins a review at the counter, for its person to go on with."""

from collections.abc import Iterable
from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from siweb.reviews.begin.due import DueReview
from siweb.reviews.labels import KINDS
from siweb.web.forms.fields import PageForm
from siweb.web.language.labels import region_name


class PhoneForm(PageForm):
    """Which of what is due."""

    refused_at = MappingProxyType({"nothing_due": "campaign", "still_good": "campaign"})

    campaign = RadioField(
        _l("Which review does the person go on with?"),
        [InputRequired(_l("Choose the review."))],
        coerce=int,
        choices=[],
    )

    def offer(self, due: Iterable[DueReview]) -> None:
        """Offer what the person has to do."""
        self.campaign.choices = [
            SelectChoice(each.campaign.id, _named(each)) for each in due if each.is_to_do
        ]


def _named(due: DueReview) -> str:
    return f"{KINDS[due.campaign.kind]} {due.campaign.year} · {region_name(due.region)}"
