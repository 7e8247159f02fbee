"""The form with which a task is finished."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.reviews.tables.task import TaskResult
from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import MonthField, Needed


class TaskForm(PageForm):
    """What was done."""

    outcome = TextAreaField(
        _l("What was done (the person reads it)"),
        [
            Needed(_l("Write what was done: the person reads it.")),
            Length(max=500, message=_l("Use at most %(max)d characters.")),
        ],
        render_kw={"rows": 3},
    )

    @property
    def task_result(self) -> TaskResult:
        """Return how the task ends."""
        return TaskResult.DONE


BY_LIST, BY_FILE = "list", "file"


class BackPayForm(TaskForm):
    """Who pays what was held back."""

    by = RadioField(
        _l("Who pays it?"),
        [InputRequired(_l("Choose who pays it."))],
        choices=[
            SelectChoice(BY_LIST, _l("The paying side, with its next run")),
            SelectChoice(BY_FILE, _l("This office, with a payment file")),
        ],
    )


class ResidentForm(ScansForm):
    """What was done about an insurance as a resident, in words for the person, and the paper."""

    words = TextAreaField(
        _l("What was done (the person reads it)"),
        [
            Needed(_l("Write what was done: the person reads it.")),
            Length(max=500, message=_l("Use at most %(max)d characters.")),
        ],
        render_kw={"rows": 3},
    )
    paper = paper_field(
        _l("Paper that it rests on"),
        PaperKind.EMPLOYER_FILING,
        PaperKind.LETTER,
        PaperKind.LABOUR_CONTRACT,
        PaperKind.HOUSEHOLD_REGISTER,
        PaperKind.DECISION,
    )


class EndResidentForm(ResidentForm):
    """With which month the insurance as a resident ends."""

    refused_at = MappingProxyType(
        dict.fromkeys(("resident_before", "resident_later"), "last_month")
    )

    last_month = MonthField(
        _l("Last month as a resident"),
        [Needed(_l("Enter the month."))],
        description=_l("This month at the latest, such as 2026-11."),
    )


class RecheckForm(TaskForm):
    """What the second person found, and what was done to find it."""

    result = RadioField(
        _l("Is the certification right?"),
        [InputRequired(_l("Choose whether the certification is right."))],
        choices=[
            SelectChoice(TaskResult.DONE.value, _l("Yes, it is right")),
            SelectChoice(
                TaskResult.DOUBTFUL.value, _l("There are doubts; they have to be examined")
            ),
        ],
    )

    @property
    def task_result(self) -> TaskResult:
        """Return what was found."""
        return TaskResult(self.result.data)
