"""What a visitor of the desk acts with, and how a view sends an action to be checked."""

from siweb import clock
from siweb.auth.access import actor
from siweb.registry.packs.in_force import packs_in_force
from siweb.tasks.two_person_action import Doing
from siweb.web.database import db_session


def doing() -> Doing:
    """Return with what the visitor makes or checks an action now."""
    return Doing(actor(), clock.now(), packs_in_force(db_session()))
