"""The case that an address names, read once for its page and for who lets somebody in."""

from siweb.auth.access import actor
from siweb.reviews.begin.start import FoundCase, find_case, find_shown_case
from siweb.web.database import only_reads
from siweb.web.read_once import read_once


def read_case(reference: str) -> FoundCase | None:
    """Return a case of whom the visitor acts for; else None. One statement a request."""
    find = find_shown_case if only_reads() else find_case
    return read_once(find, reference, actor())
