"""The forms with which a case of the yearly review is decided."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from siweb.reviews.decide import Decision
from siweb.reviews.tables.objection import Objection
from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import Needed

YES, NO = "yes", "no"
_TOO_LONG = _l("Use at most %(max)d characters.")


def _reasons() -> TextAreaField:
    return TextAreaField(
        _l("Reasons (the person reads them)"),
        [
            Needed(_l("Give the reasons: the person has a right to them.")),
            Length(max=500, message=_TOO_LONG),
        ],
        render_kw={"rows": 3},
    )


def _verdict() -> RadioField:
    return RadioField(
        _l("Does the record need to be corrected?"),
        [InputRequired(_l("Choose whether the record needs to be corrected."))],
        choices=[
            SelectChoice(YES, _l("Yes, a task to correct it is opened")),
            SelectChoice(NO, _l("No, the record is right")),
        ],
    )


class CertificationForm(PageForm):
    """Certified in person, or not and why."""

    verdict = RadioField(
        _l("Is the recipient certified?"),
        [InputRequired(_l("Choose whether the recipient is certified."))],
        choices=[
            SelectChoice(YES, _l("Yes, seen in person or by a certificate")),
            SelectChoice(NO, _l("No, it could not be done")),
        ],
    )
    words = _reasons()


class ObjectionsForm(PageForm):
    """A verdict and its reasons for every open objection; see `objections_form`."""

    def verdict_of(self, objection: Objection) -> Any:
        """Return the field of the verdict on one objection."""
        return self[f"verdict_{objection.id}"]

    def words_of(self, objection: Objection) -> Any:
        """Return the field of the reasons for one objection."""
        return self[f"words_{objection.id}"]

    def decisions(self, objections: Sequence[Objection]) -> dict[int, Decision]:
        """Return what was decided, by the objection's id."""
        return {
            objection.id: Decision(
                self.verdict_of(objection).data == YES, self.words_of(objection).data
            )
            for objection in objections
        }


def objections_form(objections: Sequence[Objection]) -> ObjectionsForm:
    """Return a form that asks about each of these objections."""
    fields: dict[str, Any] = {}
    for objection in objections:
        fields[f"verdict_{objection.id}"] = _verdict()
        fields[f"words_{objection.id}"] = _reasons()
    form: ObjectionsForm = type("ObjectionsForm", (ObjectionsForm,), fields)()
    return form
