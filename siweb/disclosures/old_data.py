"""Whom the problems of a file are about: they say what the register has beside the file."""

from collections.abc import Iterable

from siweb.audit.access_log.reason import Reason
from siweb.desk.staff.old_data.views import HERE, people_shown
from siweb.disclosures.disclosure import Disclosure


def _rows() -> Iterable[int]:
    return people_shown()


OLD_DATA = {
    "benefit_desk.hand_in_list": Disclosure(Reason.BENEFIT, _rows),
    **{f"old_data_desk.hand_in_{kind.name}": Disclosure(Reason.OLD_DATA, _rows) for kind in HERE},
}
