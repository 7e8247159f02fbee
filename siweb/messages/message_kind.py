"""What every kind of message has in common."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# Two months, one month and a week before the last day of something.
BEFORE = (60, 30, 7)


class Reader(StrEnum):
    """Whose inbox a kind of message reaches."""

    PERSON = "person"
    EMPLOYER = "employer"


@dataclass(frozen=True, slots=True)
class MessageKind:
    """One kind of message.

    `title` says what waits, `words` what it means; `%(day)s` in them is the day that the message
    counts from. `place` is the endpoint of the page where it waits: an employer's page is given
    the employer. `needs_service` marks what has effect only once it was served
    (`siweb/messages/served.py`). A reminder comes `days_before` its day, the earliest first.
    """

    name: str
    reader: Reader
    title: Any
    words: Any
    place: str
    needs_service: bool = False
    days_before: tuple[int, ...] = ()
