"""Tell a person what their helper did: whoever does something calls it, helped or not."""

from datetime import datetime

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import notify
from siweb.registry.tables.person import Person


def tell_helped(
    session: Session,
    kind: MessageKind,
    subject: tuple[str, int | str],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Tell the person acted for, of one thing once a day; who acts for oneself knows it."""
    person_id = actor.on_behalf_of_person_id
    if person_id is None:
        return
    region_code = session.get_one(Person, person_id).region_code
    notify(session, kind, person_id, region_code=region_code, subject=subject, at=at)
