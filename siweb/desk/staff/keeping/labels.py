"""The words of keeping at the desk."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from siweb.keeping.tables.keeping_term import YEARS, KeptClass

CLASSES = {
    KeptClass.DECISIONS: _l("Scans of decisions by two people"),
    KeptClass.COMPLAINTS: _l("Scans of complaints"),
    KeptClass.REVIEWS: _l("Scans of reviews"),
}
REFUSALS = {
    "as_before": _l("It is so already."),
    "no_term": _l("No term is set for this: it is kept for good."),
    "nothing_due": _l("None of this is due."),
    "list_changed": _l(
        "The list has changed since: a case was held or taken up again, or its term was "
        "changed. Look at it and send it anew."
    ),
    "no_such_case": _l("No decision, complaint or review of your regions has this number."),
    "held_already": _l("This case is held already."),
    "not_held": _l("This case is not held."),
}


def years_in_words(years: int | None) -> str:
    """Return what a term says."""
    if years is None:
        return str(_("for good"))
    return str(ngettext("%(count)s year", "%(count)s years", years, count=years))


CHOICES = (*YEARS, None)
"""The terms that a form offers, the shortest first."""
