"""By what messages leave an office, and what they say of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from siweb.messages.gateways.choose import gateways_of
from siweb.messages.gateways.gateway import Channel, Gateway
from siweb.settings import Settings


@dataclass(frozen=True, slots=True)
class Outbox:
    """`address` is the office's own; `language` is for those who chose none."""

    gateways: Mapping[Channel, Gateway] = field(default_factory=dict)
    address: str = ""
    language: str = "zh_Hans"

    @classmethod
    def of(cls, settings: Settings) -> "Outbox":
        """Return the outbox of an office.

        :raises SettingError: naming a setting that cannot be used.
        """
        return cls(gateways_of(settings), settings.public_address, settings.language)
