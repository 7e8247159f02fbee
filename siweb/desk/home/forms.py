"""The form with which cases are taken, given to a colleague, and given back."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import SelectField

from siweb.desk.home.give import Case, Colleague, GivingRefused
from siweb.rules.errors import Refusal
from siweb.web.forms.fields import PageForm

# No account has this number.
NOBODY = "0"
REFUSALS = {
    "none": _l("Choose at least one case in the list."),
    "gone": _l(
        "One of these cases is already closed, or not yours to give. The list is up to date."
    ),
    "changed": _l("Meanwhile a colleague has taken one of these cases. The list is up to date."),
    "other_function": _l("One of these cases is not for this colleague’s function or agency."),
    "made": _l("This colleague made one of these cases: somebody else decides it."),
    "own": _l("One of these cases is this colleague’s own or a relative’s matter."),
}
# Whoever takes a case is no colleague of theirs: they would look for somebody else's mistake.
OWN_REFUSALS = {
    "made": _l("You made one of these cases yourself: somebody else decides it."),
    "own": _l("One of these cases is your own or a relative’s matter."),
}


class GiveForm(PageForm):
    """Who gets the cases; they are chosen in the list itself."""

    refused_at = MappingProxyType(dict.fromkeys(("other_function", "made", "own"), "to"))

    to = SelectField(_l("Who handles the chosen cases"))

    def __init__(
        self, *args: Any, me: int | None, colleagues: Sequence[Colleague], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.at_fault: frozenset[Case] = frozenset()
        self.me = str(me)
        self.names = {str(each.account_id): each.name for each in colleagues}
        mine = [(self.me, _("Me"))] if self.me in self.names else []
        others = [pair for pair in self.names.items() if pair[0] != self.me]
        self.to.choices = [*mine, *others, (NOBODY, _("Nobody (give back)"))]

    @property
    def account_id(self) -> int | None:
        """Return who gets them; None: nobody."""
        return None if self.to.data == NOBODY else int(self.to.data)

    def says(self, count: int) -> str:
        """Return what was done."""
        if self.to.data == NOBODY:
            return str(ngettext("%(num)d case given back.", "%(num)d cases given back.", count))
        if self.to.data == self.me:
            return str(ngettext("You took %(num)d case.", "You took %(num)d cases.", count))
        name = self.names[self.to.data]
        return str(
            ngettext(
                "%(num)d case given to %(name)s.",
                "%(num)d cases given to %(name)s.",
                count,
                name=name,
            )
        )

    def why(self, refused: Refusal) -> str:
        """Return why cases were not given; keep which of them stand against it."""
        if isinstance(refused, GivingRefused):
            self.at_fault = refused.cases
        own = OWN_REFUSALS if self.to.data == self.me else {}
        return str(own.get(refused.code) or REFUSALS[refused.code])
