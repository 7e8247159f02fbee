"""The form with which staff leave a note for their colleagues."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from siweb.auth.tables.appointment import Function
from siweb.desk.checking.labels import FUNCTIONS
from siweb.notes.write import LONGEST
from siweb.web.forms.fields import PageForm


class NoteForm(PageForm):
    """What colleagues should know, and those of which function."""

    # Of one function alone nothing is asked: where it is not held here stands above the form.
    refused_at: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"has_number": "words", "has_card": "words"}
    )

    reader = SelectField(_l("For colleagues of"), choices=[])
    words = TextAreaField(
        _l("Note"),
        [
            InputRequired(_l("Write what colleagues should know.")),
            Length(max=LONGEST, message=_l("Use at most %(max)d characters.")),
        ],
        description=_l(
            "Only they see it. The person whom it is about may ask for a copy of it: write what "
            "you could say to them, and no ID or card number."
        ),
        render_kw={"rows": 4},
    )

    def offer(self, functions: Sequence[Function]) -> None:
        """Let one of some functions be chosen; of one alone nothing is asked."""
        if len(functions) > 1:
            self.reader.choices = [(each.value, FUNCTIONS[each]) for each in functions]
        else:
            del self.reader

    def chosen(self, functions: Sequence[Function]) -> Function:
        """Return the function whose holders read it."""
        return Function(self.reader.data) if "reader" in self else functions[0]
