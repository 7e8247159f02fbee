"""Who sees whom where people help each other: themselves, and staff at the counter."""

from collections.abc import Iterable

from siweb.audit.access_log.reason import Reason
from siweb.desk.people.helping.views import helpers_shown
from siweb.disclosures.disclosure import Disclosure
from siweb.helping.views import shown_people


def _named() -> Iterable[int]:
    return shown_people()


def _at_the_counter(person_id: int) -> Iterable[int]:
    """Find the person, and whoever acts for them: the page names both."""
    return (person_id, *(helper.person_id for helper in helpers_shown(person_id)))


HELPING = {
    **dict.fromkeys(
        ("helping.show_helpers", "helping.show_helped", "helping.show_not_covered"),
        Disclosure(Reason.HELP, _named),
    ),
    **dict.fromkeys(
        ("help_desk.show_helpers", "help_desk.give", "help_desk.appoint", "help_desk.end_guardian"),
        Disclosure(Reason.HELP, _at_the_counter),
    ),
}
