"""The forms about keeping: a term, a hold, its end, and a list to be destroyed."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from siweb.desk.staff.keeping.labels import CHOICES, CLASSES, years_in_words
from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.web.forms.fields import PageForm


class TermForm(ScansForm):
    """For how long scans of a class are kept in a region."""

    refused_at = MappingProxyType({"as_before": "years"})

    region = SelectField(_l("Region"))
    kept = SelectField(
        _l("What is kept"),
        choices=[SelectChoice(each.value, label) for each, label in CLASSES.items()],
    )
    years = SelectField(_l("Kept for"))
    because = paper_field(_l("List of archives it stands in"), PaperKind.RULES, PaperKind.DECISION)

    def offer(self, regions: list[SelectChoice]) -> None:
        """Offer regions, and the terms in the reader's language."""
        self.region.choices = regions
        self.years.choices = [
            SelectChoice("" if years is None else str(years), years_in_words(years))
            for years in CHOICES
        ]

    def chosen_years(self) -> int | None:
        """Return the term; None for good."""
        return int(self.years.data) if self.years.data else None


class HoldForm(PageForm):
    """Which case is kept whatever its term, and why."""

    refused_at = MappingProxyType({"no_such_case": "number", "held_already": "number"})

    number = StringField(
        _l("Number of the case"),
        [
            InputRequired(_l("Enter the number of the case.")),
            Length(max=24, message=_l("Use at most %(max)d characters.")),
        ],
        description=_l("As it stands on the page of the decision, the complaint or the review."),
    )
    because = paper_field(
        _l("Who needs it"), PaperKind.LETTER, PaperKind.JUDGMENT, PaperKind.DECISION
    )


class LiftForm(ScansForm):
    """Which case is held no longer, and what says so."""

    refused_at = MappingProxyType({"not_held": "number"})

    number = SelectField(_l("Number of the case"))
    because = paper_field(
        _l("What says that it is needed no longer"),
        PaperKind.LETTER,
        PaperKind.JUDGMENT,
        PaperKind.DECISION,
    )


class DestroyForm(ScansForm):
    """The appraisal that says that a list may go."""

    because = paper_field(_l("Appraisal of the archives"), PaperKind.DECISION, PaperKind.RULES)
