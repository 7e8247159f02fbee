"""Change how a person is reached."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.registry.tables.person import Person


@dataclass(frozen=True, slots=True)
class Contact:
    """How a person is reached; an empty text is none."""

    mobile: str
    address: str
    email: str


def change_contact(
    session: Session, person: Person, contact: Contact, *, actor: Actor, at: datetime
) -> bool:
    """Return whether anything is another than before; the log names what, and no value."""
    changed = [
        name for name, value in asdict(contact).items() if (getattr(person, name) or "") != value
    ]
    for name in changed:
        setattr(person, name, getattr(contact, name) or None)
    if changed:
        record_activity(
            session,
            "person.contact_changed",
            actor=actor,
            at=at,
            subject=("person", person.id),
            facts={"fields": changed},
        )
    return bool(changed)
