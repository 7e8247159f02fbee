"""What every gateway promises, and how it says that it could not."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Channel(StrEnum):
    """By what somebody is reached besides the inbox."""

    EMAIL = "email"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is sent: one text, in the reader's language, to one address.

    `address` is an e-mail address or a mobile number. `key` is the same whenever the same is sent
    again: a gateway that knows it already may answer that all is well.
    """

    key: str
    address: str
    subject: str
    text: str


class SendingFailed(Exception):
    """When nothing went out: `code` is a short word that is kept, without anything personal.

    What `is_final` is not tried again, as for a number that does not exist.
    """

    def __init__(self, code: str, *, is_final: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.is_final = is_final


class Gateway(Protocol):
    """Sends one message at a time; it is made once by a worker and used by it alone."""

    def send(self, outgoing: Outgoing) -> None:
        """Return when the other side has accepted it.

        :raises SendingFailed: when it has not.
        """
