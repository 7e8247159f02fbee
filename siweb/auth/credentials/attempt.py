"""Who tries to sign in or to activate, and from where; only keyed hashes of it are kept."""

from dataclasses import dataclass
from datetime import datetime

from siweb.auth.credentials.keyed_hash import keyed_hash


class SignInPaused(Exception):
    """Too many failures; `until` says when to try again."""

    def __init__(self, until: datetime) -> None:
        super().__init__("paused")
        self.until = until


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who tries, from where: the key is the office's, for hashes that only it can make."""

    id_number: str
    address: str
    device_token: str
    key: str

    @property
    def number_hash(self) -> str:
        """The keyed hash of the number."""
        return keyed_hash(self.key, "id_number", self.id_number)

    @property
    def device_hash(self) -> str:
        """The keyed hash of the browser's long-lived token."""
        return keyed_hash(self.key, "device", self.device_token)

    @property
    def address_hash(self) -> str:
        """The keyed hash of the address."""
        return keyed_hash(self.key, "address", self.address)
