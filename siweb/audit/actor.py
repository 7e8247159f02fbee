"""Who acts: told to every function that changes something."""

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    WEB = "web"
    API = "api"
    DESK = "desk"
    JOB = "job"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Actor:
    """The account that acts and, where it is not the same, the person it acts for."""

    account_id: int | None
    person_id: int | None
    channel: Channel = Channel.WEB
    on_behalf_of_person_id: int | None = None
    on_behalf_of_employer_id: int | None = None


SYSTEM = Actor(account_id=None, person_id=None, channel=Channel.JOB)
# A command that nobody in particular runs: a timer, or an office that has no staff yet.
COMMAND = Actor(account_id=None, person_id=None, channel=Channel.COMMAND)
