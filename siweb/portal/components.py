"""Every component in all its states, for whoever changes the look: on a demonstration alone."""

from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.ledgers.labels import MARKS
from siweb.ledgers.mark_state import MarkState
from siweb.ledgers.record.pictures import picture_mark
from siweb.web.charts.columns import Column, Columns, draw_columns
from siweb.web.charts.marks import Grid, MarkRow
from siweb.web.charts.progress import Progress
from siweb.web.charts.years import YearRow, YearsPicture, draw_years
from siweb.web.forms.fields import PageForm

TONES = ("", "good", "warn", "bad")
SERIES = (_l("Paid in"), _l("Interest"))
_CITIES = [SelectChoice("310000", _l("Shanghai")), SelectChoice("330100", _l("Hangzhou"))]
_ANSWERS = [SelectChoice("yes", _l("Yes")), SelectChoice("no", _l("No"))]


class SampleForm(PageForm):
    """One field of every kind."""

    name = StringField(
        _l("Name"), description=_l("Social insurance in plain words, with the article of law")
    )
    city = SelectField(_l("City"), choices=_CITIES)
    answer = RadioField(_l("State"), choices=_ANSWERS, default="yes")
    words = TextAreaField(_l("Reason"))
    agrees = BooleanField(_l("Yes"))
    paper = paper_field(_l("Reason"), PaperKind.LETTER)


def sample_forms() -> tuple[SampleForm, SampleForm]:
    """Return the form as it is first shown, and as it comes back with what is wrong."""
    first, refused = SampleForm(formdata=None), SampleForm(formdata=None, prefix="refused-")
    for field in refused:
        if field.type != "CSRFTokenField":
            field.errors = [_l("Enter the reason.")]
    return first, refused


def sample_charts() -> dict[str, Columns]:
    """Return bars and growths: few columns, more than have labels, one below nothing, none."""
    yearly = [Column(str(1996 + each), (each * 400_000, each * each * 9_000)) for each in range(31)]
    below = [Column("2025", (900_000, 20_000)), Column("2026", (-100_000, 5_000))]
    series = [str(name) for name in SERIES]
    return {
        "bars": draw_columns(
            series[:1], [Column(row.label, row.values[:1]) for row in yearly[-4:]]
        ),
        "growth": draw_columns(series, yearly[-4:]),
        "many": draw_columns(series, yearly),
        "below": draw_columns(series, below),
        "nothing": draw_columns(series, []),
    }


def sample_grid() -> Grid:
    """Return twelve months in which every mark occurs."""
    marks = [picture_mark(state) for state in MARKS]
    return Grid(
        tuple((str(number), f"2026-{number:02}") for number in range(1, 13)),
        (
            MarkRow("umbrella", SERIES[0], (marks[0],) * 12),
            MarkRow("stethoscope", SERIES[1], tuple(marks * 2)),
        ),
    )


def sample_years() -> YearsPicture:
    """Return two years in which every mark occurs."""
    marks = tuple(picture_mark(state) for state in MARKS)
    rows = [YearRow(label, (marks * 2)[:12], "12") for label in ("2025", "2026")]
    empty = [picture_mark(state).css for state in (MarkState.NOT_ENROLLED, MarkState.NOT_DUE)]
    return draw_years(rows, marks[0].css, empty)


def sample_ways() -> list[dict[str, Any]]:
    """Return parts of a list as links: the one that is shown, one with a count, one without."""
    counts = (12, 0, None)
    return [
        {"words": SERIES[0], "address": "#main", "is_here": place == 0, "count": count}
        for place, count in enumerate(counts)
    ]


def sample_days(on: date) -> list[date]:
    """Return last days: past, today, near, and far."""
    return [on + timedelta(days=days) for days in (-2, 0, 3, 15)]


def sample_progress() -> tuple[Progress, ...]:
    """Return a bar at its beginning, under way, full, and beyond."""
    return tuple(Progress(reached, 240) for reached in (0, 114, 240, 300))
