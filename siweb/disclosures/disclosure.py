"""What a route shows of other people: why, and how those on one answer are found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from siweb.audit.access_log.reason import Reason

# Given the values of the address, as the view is. Asked after the view, in its request: what the
# answer shows is asked for in the view's own words, by the functions that the view calls.
FindPeople = Callable[..., Iterable[int | None]]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A route's entry in the table of what is shown to whom."""

    reason: Reason
    people: FindPeople
