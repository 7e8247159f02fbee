"""Every two-person action of the office, by its kind."""

from types import MappingProxyType

from siweb.bring_in.actions import ACTIONS as BRING_IN_FILES
from siweb.desk.people.actions import BRING_IN, DEATH, HEIRS
from siweb.desk.staff.actions import APPOINT, END
from siweb.tasks.two_person_action import Actions

ACTIONS: Actions = MappingProxyType(
    {
        action.kind: action
        for action in (BRING_IN, DEATH, HEIRS, APPOINT, END, *BRING_IN_FILES.values())
    }
)
