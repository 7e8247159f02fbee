"""Whom the pages of the office's own staff are about: they themselves, and declared relatives."""

from collections.abc import Iterable

from siweb import clock
from siweb.audit.access_log.reason import Reason
from siweb.auth.access import scope, visitor
from siweb.auth.staff.find import find_appointment, list_staff
from siweb.auth.staff.relatives import relations_of
from siweb.disclosures.disclosure import Disclosure
from siweb.web.database import db_session
from siweb.web.read_once import read_once


def _staff() -> list[int]:
    return [shown.person_id for shown in list_staff(db_session(), scope=scope(), on=clock.today())]


def _appointment(appointment_id: int) -> Iterable[int]:
    shown = read_once(find_appointment, appointment_id)
    return () if shown is None else (shown.person_id,)


def _own_relatives() -> Iterable[int]:
    return [each.relative.id for each in relations_of(db_session(), visitor().person_id)]


def _relatives(appointment_id: int, relation_id: int = 0) -> Iterable[int]:  # noqa: ARG001 - all
    for person_id in _appointment(appointment_id):
        yield person_id
        yield from (each.relative.id for each in relations_of(db_session(), person_id))


STAFF = {
    "staff_desk.show_staff": Disclosure(Reason.STAFF, _staff),
    "staff_desk.propose_one": Disclosure(Reason.STAFF, _staff),
    **{
        endpoint: Disclosure(Reason.STAFF, _appointment)
        for endpoint in (
            "staff_desk.show_appointment",
            "staff_desk.propose_ending",
            "staff_desk.reset_factor",
            "staff_desk.give_set_up_code",
        )
    },
    "relative_desk.show_own": Disclosure(Reason.STAFF, _own_relatives),
    "relative_desk.declare_own": Disclosure(Reason.STAFF, _own_relatives),
    **{
        endpoint: Disclosure(Reason.STAFF, _relatives)
        for endpoint in (
            "relative_desk.show_relatives",
            "relative_desk.declare",
            "relative_desk.propose_relation_end",
        )
    },
}
