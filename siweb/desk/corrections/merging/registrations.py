"""Which two registrations an action is about: the first that its maker and checker see."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.collection.corrections.shown import NOTHING, Change
from siweb.desk.subjects import of_person
from siweb.registry.tables.person import Person
from siweb.tasks.tables.task import Task
from siweb.web.language.formats import day, masked_id


def about_both(session: Session, task: Task) -> Subject:
    """Return whose matter it is to join or separate two registrations: both people's."""
    former_id, person_id = task.change["former_id"], task.change["person_id"]
    found = of_person(session, person_id)
    regions = frozenset() if found is None else found.regions
    return Subject(regions, frozenset((former_id, person_id)))


def lines_of_joined(session: Session, former_id: int, person_id: int) -> list[Change]:
    """Return the two lines that begin what joining changes."""
    former, person = _words(session, former_id, person_id)
    return [
        Change(_("This registration stays"), person, person),
        Change(_("Is joined to it"), former, _("found under the one that stays")),
    ]


def lines_of_separated(session: Session, former_id: int, person_id: int) -> list[Change]:
    """Return the two lines that begin what separating changes."""
    former, person = _words(session, former_id, person_id)
    return [
        Change(_("This registration stays"), person, person),
        Change(_("Is separated"), NOTHING, former),
    ]


def _words(session: Session, *keys: int) -> list[str]:
    # Only here and not in what the task keeps: the person reads that too, and where the two prove
    # to be two people nobody is to read there who the other one is.
    found = session.scalars(select(Person).where(Person.id.in_(keys)))
    by_key = {each.id: each for each in found}
    return [
        " · ".join((each.name, day(each.born_on), masked_id(each.id_number)))
        for each in (by_key[key] for key in keys)
    ]
