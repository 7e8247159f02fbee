"""The field for the paper that a deed rests on: the same three things wherever one is asked for."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FormField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Length, ValidationError

from siweb import clock
from siweb.evidence.papers.labels import PAPERS, in_office_words
from siweb.evidence.papers.paper import Paper
from siweb.evidence.tables.evidence_paper import PaperKind
from siweb.rules.errors import NumberRefused
from siweb.rules.identifiers.identity_number import parse_identity_number
from siweb.web.forms.fields import PageForm
from siweb.web.forms.typed_fields import DayField

# No authority of today issued a paper before: personnel files begin then, and what is older is a
# year that somebody mistyped.
EARLIEST = date(1949, 10, 1)
_TOO_LONG = _l("Use at most %(max)d characters.")


class PaperFields(PageForm):
    """The controls of a paper; its form has the token."""

    class Meta(PageForm.Meta):
        csrf = False

    # Whether all may stay empty: only where a second paper is asked for.
    may_be_none = False

    kind = SelectField(_l("Kind of paper"), validate_choice=False)
    called = StringField(_l("What the paper is called"), [Length(max=60, message=_TOO_LONG)])
    number = StringField(
        _l("Number of the paper"),
        [Length(max=80, message=_TOO_LONG)],
        render_kw={"autocomplete": "off"},
    )
    issued_on = DayField(_l("Date of the paper"))

    def is_empty(self) -> bool:
        """Return whether nothing was chosen or typed."""
        return not any(field.raw_data and field.raw_data[0] for field in self)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Accept nothing at all where no paper is needed."""
        if self.may_be_none and self.is_empty():
            return True
        return bool(super().validate(*args, **kwargs))

    def validate_kind(self, field: Any) -> None:
        """Ask for one of the papers that are offered here."""
        if field.data not in {value for value, *_rest in field.choices if value}:
            raise ValidationError(_("Choose what paper it is."))

    def validate_called(self, field: Any) -> None:
        """Ask for the name of a paper that is not in the list, and of no other."""
        is_other = self.kind.data == PaperKind.OTHER
        if is_other and not field.data:
            raise ValidationError(_("Enter what the paper is called."))
        # Two names for one paper: the checker would look for the wrong one.
        if field.data and not is_other:
            raise ValidationError(_("Leave this empty, or choose “Another paper”."))

    def validate_number(self, field: Any) -> None:
        """Ask for a number, which is never a person's: it stands in rows that are not sealed."""
        if not field.data:
            raise ValidationError(_("Enter the number of the paper; without one, write “none”."))
        try:
            parse_identity_number(field.data, on=clock.today())
        except NumberRefused:
            return
        raise ValidationError(_("Enter the number of the paper, not an ID number."))

    def validate_issued_on(self, field: Any) -> None:
        """Ask for a day on which the paper can have been issued."""
        if field.errors:
            return
        if field.data is None:
            raise ValidationError(_("Enter the date of the paper."))
        if field.data > clock.today():
            raise ValidationError(_("This date lies in the future."))
        if field.data < EARLIEST:
            raise ValidationError(_("This date is too long ago. Check the year."))


class PaperField(FormField):  # type: ignore[type-arg]
    """A paper; `data` is what was typed, or None where it may be missing and is."""

    def __init__(
        self,
        label: Any,
        kinds: Sequence[PaperKind] = (),
        *,
        may_be_none: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(PaperFields, label, **kwargs)
        self.kinds, self.may_be_none = (*kinds, PaperKind.OTHER), may_be_none

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Offer the papers of this deed; another one has its name."""
        super().process(*args, **kwargs)
        self.form.may_be_none = self.may_be_none
        self.form.kind.choices = [
            SelectChoice("", _("Choose")),
            *(SelectChoice(kind.value, PAPERS[kind]) for kind in self.kinds),
        ]

    @property
    def data(self) -> Any:
        """Return the paper, once it was found to be one."""
        typed = self.form
        if not typed.kind.data or not typed.number.data or typed.issued_on.data is None:
            return None
        if typed.kind.data not in set(PaperKind):
            return None
        kind, called = PaperKind(typed.kind.data), typed.called.data or ""
        return Paper(kind, typed.number.data, typed.issued_on.data, called)

    @property
    def words(self) -> str:
        """Return the paper as rows and letters quote it; empty where there is none."""
        return "" if self.data is None else in_office_words(self.data)

    @property
    def errors(self) -> Any:
        """Return what is wrong, by the part of the paper."""
        return self.form.errors

    @errors.setter
    def errors(self, stated: Sequence[Any]) -> None:
        # What an action refuses of the paper is said of its day, or of the paper as a whole.
        part = self.form.issued_on if self.form.issued_on.data else self.form.kind
        part.errors = [*part.errors, *stated]


def paper_field(label: Any, *kinds: PaperKind, only_where: Any = "") -> PaperField:
    """Return the field for the paper that a deed rests on, with the papers it may be.

    `only_where` says when it is needed; otherwise it may stay empty.
    """
    return PaperField(label, kinds, may_be_none=bool(only_where), description=only_where)
