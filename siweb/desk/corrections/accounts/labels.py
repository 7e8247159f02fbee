"""How entries of an account are named, and why one cannot be set right so."""

from flask_babel import lazy_gettext as _l

from siweb.ledgers.labels import ENTRY_KINDS
from siweb.ledgers.tables.account_entry import EntryKind
from siweb.web.language.formats import month as month_text

REFUSALS = {
    "entry_gone": _l("This is not in the account any more."),
    "entry_differs": _l("The account says another amount now than was shown: send it again."),
    "entry_same": _l("The account says this amount already: nothing would change."),
    "below_zero": _l("Less would be in the account than nothing: look at what left it first."),
}


def entry_named(kind: EntryKind, year: int, month: str | None) -> str:
    """Return what an entry is called: what it is, and of when."""
    return f"{ENTRY_KINDS[kind]} · {year if month is None else month_text(month)}"
