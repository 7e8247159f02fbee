"""In which language, and by what, a person is told."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.db.claim import add_or_find
from siweb.messages.gateways.gateway import Channel
from siweb.messages.tables.delivery import MessageChoice

# Neither an e-mail nor a text message.
INBOX_ALONE = "inbox"


@dataclass(frozen=True, slots=True)
class Choice:
    """A language of the office, and 'email', 'sms' or 'inbox'."""

    language: str
    channel: str


def choice_of(session: Session, person_id: int) -> Choice | None:
    """Return what a person chose, or None."""
    found = session.get(MessageChoice, person_id)
    return None if found is None else Choice(found.language, found.channel)


def choose(session: Session, person_id: int, choice: Choice, *, actor: Actor, at: datetime) -> bool:
    """Keep a person's choice; False when it is what it was. The caller commits."""
    found = session.get(MessageChoice, person_id)
    if found is not None and (found.language, found.channel) == (choice.language, choice.channel):
        return False
    if found is None:
        first = MessageChoice(person_id=person_id, **asdict(choice), changed_at=at)
        found = add_or_find(session, first, lambda: session.get(MessageChoice, person_id)) or first
    # The newest choice counts, also of two first ones at once.
    found.language, found.channel, found.changed_at = choice.language, choice.channel, at
    record_activity(
        session,
        "person.message_choice",
        actor=actor,
        at=at,
        subject=("person", person_id),
        person_id=person_id,
        facts={"language": choice.language, "channel": choice.channel},
    )
    session.flush()
    return True


def channel_of(
    chosen: str | None, *, email: str | None, mobile: str | None, channels: Collection[Channel]
) -> Channel | None:
    """Return by what somebody is reached: as chosen, else by what the office has.

    Where there is no gateway or no address for what was chosen the other one is taken.
    """
    if chosen == INBOX_ALONE:
        return None
    addresses = {Channel.EMAIL: email, Channel.SMS: mobile}
    in_order = (Channel.SMS, Channel.EMAIL) if chosen == Channel.SMS else tuple(Channel)
    return next(
        (channel for channel in in_order if addresses[channel] and channel in channels), None
    )
