"""What the controls of a page need to know of a field: its description's ids, its errors."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import FieldList, FormField


class ErrorSummary(NamedTuple):
    """The errors of a form: each of a field leads to it, the others are sentences of their own."""

    heading: str
    of_fields: list[tuple[str, str]]
    of_form: list[str]


def error_summary_of(form: Any) -> ErrorSummary | None:
    """Return what stands above a form with errors, None when there are none.

    Only fields are counted: a window that is closed is nothing that can be corrected.
    """
    wrong = [(part, field) for part, field in _single_fields(form) if field.errors]
    sentences = Counter(str(field.errors[0]) for _part, field in wrong)
    of_fields = [
        (str(field.id), _named(part, str(field.errors[0]), sentences)) for part, field in wrong
    ]
    of_form = [str(error) for error in form.form_errors]
    if not (of_fields or of_form):
        return None
    heading = _("This could not be accepted")
    if of_fields:
        heading = ngettext("%(num)d thing to correct", "%(num)d things to correct", len(of_fields))
    return ErrorSummary(str(heading), of_fields, of_form)


def _single_fields(fields: Iterable[Any], part: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the controls of a form with the part they stand in, those of its rows too.

    A row's own errors are a dictionary.
    """
    for field in fields:
        if isinstance(field, FieldList):
            yield from _single_fields(field, part)
        elif isinstance(field, FormField):
            yield from _single_fields(field, str(field.label.text))
        else:
            yield part, field


def _named(part: str, error: str, sentences: Counter[str]) -> str:
    # Of two papers both may lack a date: the same sentence twice says not which.
    if part and sentences[error] > 1:
        return str(_("%(part)s: %(error)s", part=part, error=error))
    return error


def field_attributes(field: Any, hint: str | None, type_: str | None) -> dict[str, Any]:
    """Return the attributes of a control: what describes it, whether it is wrong, its type."""
    described = [f"{field.id}-hint"] if hint or field.description else []
    described += [f"{field.id}-error"] if field.errors else []
    return {
        # False leaves an attribute out.
        "aria-describedby": " ".join(described) or False,
        "aria-invalid": "true" if field.errors else False,
        # A text area and a list to choose from have no type.
        "type": type_ or getattr(field.widget, "input_type", False),
    }


def install(app: Flask) -> None:
    """Give both to the templates' components."""
    app.jinja_env.filters["error_summary_of"] = error_summary_of
    app.jinja_env.filters["field_attributes"] = field_attributes
