"""Who tries to sign in or to activate, and from where; only keyed hashes of it are kept."""

from dataclasses import dataclass
from datetime import datetime

from siweb.auth.credentials.keyed_hash import keyed_hash, line_of
from siweb.rules.errors import Refusal


class SignInPaused(Refusal):
    """When too many tries failed; `until` says when to try again."""

    def __init__(self, until: datetime) -> None:
        super().__init__("paused", until=until)
        self.until = until


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who tries, from where: the key is the office's, for hashes that only it can make."""

    id_number: str
    address: str
    device_token: str
    key: str
    # What kind of device it is, for the owner of the account.
    device: str = ""

    @property
    def number_hash(self) -> str:
        """The keyed hash of the number, whichever line it comes over."""
        return keyed_hash(self.key, "id_number", self.id_number)

    @property
    def device_hash(self) -> str:
        """The keyed hash of the number on this browser.

        Not of the browser alone: at the counter of an agency one browser serves many people.
        """
        return keyed_hash(self.key, "device", f"{self.device_token}:{self.id_number}")

    @property
    def address_hash(self) -> str:
        """The keyed hash of the line that the try comes over."""
        return keyed_hash(self.key, "address", line_of(self.address))

    @property
    def line_hash(self) -> str:
        """The keyed hash of the number on this line, under which wrong passwords are counted."""
        return keyed_hash(self.key, "line", f"{line_of(self.address)}:{self.id_number}")

    @property
    def code_hash(self) -> str:
        """The keyed hash of the number on this line, under which wrong codes are counted.

        Not of the number alone: a stranger elsewhere must not use up the tries of its owner.
        """
        return keyed_hash(self.key, "code", f"{line_of(self.address)}:{self.id_number}")
