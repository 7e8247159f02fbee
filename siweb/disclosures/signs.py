"""Whom the signs of other offices' lists are about."""

from collections.abc import Iterable

from siweb.audit.access_log.reason import Reason
from siweb.desk.reviews.signs.views import people_shown
from siweb.disclosures.disclosure import Disclosure
from siweb.signs.find import find_sign
from siweb.web.read_once import read_once


def _sign(sign_id: int) -> Iterable[int]:
    found = read_once(find_sign, sign_id)
    return () if found is None else (found.person.id,)


def _rows(list_id: int) -> Iterable[int]:  # noqa: ARG001 - its rows are in no table
    return people_shown()


SIGNS = {
    "sign_desk.show_list": Disclosure(Reason.CERTIFICATION, _rows),
    "sign_desk.close_list": Disclosure(Reason.CERTIFICATION, _rows),
    "sign_desk.examine": Disclosure(Reason.CERTIFICATION, _sign),
    "sign_desk.stop": Disclosure(Reason.CERTIFICATION, _sign),
    "sign_desk.let_go_on": Disclosure(Reason.CERTIFICATION, _sign),
}
