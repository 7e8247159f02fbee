"""The forms with which staff record how a notice was served, or that a way failed."""

from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, ValidationError

from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.messages.tables.service import Failure, Way
from siweb.service.labels import FAILURES, WAYS
from siweb.service.record import Given
from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import DayField, Needed

_TOO_LONG = _l("Use at most %(max)d characters.")
_BY_THE_OFFICE = (Way.HANDED_OVER, Way.LEFT, Way.POSTED, Way.PUBLISHED)
_MAY_FAIL = (Way.HANDED_OVER, Way.POSTED)


def _ways(*ways: Way) -> list[Any]:
    return [SelectChoice(way.value, WAYS[way]) for way in ways]


class WayForm(PageForm):
    """What both forms ask: by which way, on which day, and what paper there is on it."""

    refused_at = MappingProxyType(
        {
            "in_future": "done_on",
            "before_notice": "done_on",
            "nothing_failed": "way",
            "published": "way",
            "twice": "way",
        }
    )

    way = RadioField(
        _l("Way"), [InputRequired(_l("Choose the way."))], choices=_ways(*_BY_THE_OFFICE)
    )
    done_on = DayField(
        _l("Date"),
        [Needed(_l("Enter the date."))],
        description=_l(
            "Handed over or left: that day. Post: the day of receipt, not of posting. Public "
            "notice: the day it was published; it is served when its period is over."
        ),
    )
    tracking_number = StringField(
        _l("Tracking number"),
        [Length(max=40, message=_TOO_LONG)],
        description=_l("Only for the post."),
    )
    paper = paper_field(
        _l("Proof of service, receipt or newspaper"),
        PaperKind.SERVICE_RETURN,
        PaperKind.POST_RECEIPT,
        PaperKind.RETURNED_LETTER,
        PaperKind.NEWSPAPER,
        PaperKind.WITNESS_NOTE,
    )

    def validate_tracking_number(self, field: Any) -> None:
        """Ask for the number of what was posted, and only then."""
        is_posted = self.way.data == Way.POSTED
        if is_posted and not field.data:
            raise ValidationError(_("Enter the tracking number of the letter."))
        if field.data and not is_posted:
            raise ValidationError(_("Leave this empty, or choose the post."))

    def given(self) -> Given:
        """Return what was recorded."""
        return Given(
            Way(self.way.data),
            self.done_on.data,
            self.paper.data,
            self.tracking_number.data or "",
        )


class FailedForm(WayForm):
    """That a way failed, why, and what was done."""

    way = RadioField(_l("Way"), [InputRequired(_l("Choose the way."))], choices=_ways(*_MAY_FAIL))
    done_on = DayField(_l("Date on which it failed"), [Needed(_l("Enter the date."))])
    failure = RadioField(
        _l("Why it failed"),
        [InputRequired(_l("Choose why it failed."))],
        choices=[SelectChoice(failure.value, name) for failure, name in FAILURES.items()],
    )
    words = StringField(
        _l("What was done"),
        [
            InputRequired(_l("Enter what was done: a public notice rests on it.")),
            Length(max=500, message=_TOO_LONG),
        ],
        description=_l("When, where and by whom it was tried."),
    )

    def given(self) -> Given:
        """Return what was recorded."""
        return Given(
            Way(self.way.data),
            self.done_on.data,
            self.paper.data,
            self.tracking_number.data or "",
            Failure(self.failure.data),
            self.words.data or "",
        )
