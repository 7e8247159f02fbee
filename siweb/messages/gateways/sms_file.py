"""Text messages into files, for trying an office out: one file each, nobody gets any."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from siweb.messages.gateways.gateway import Outgoing, SendingFailed
from siweb.settings import Settings


@dataclass(frozen=True, slots=True)
class SmsFiles:
    """Writes each message into a folder, under its key."""

    folder: Path

    @classmethod
    def from_settings(cls, settings: Settings) -> "SmsFiles":
        """Return the gateway that writes into the office's own folder."""
        return cls(settings.var_dir / "sms")

    def send(self, outgoing: Outgoing) -> None:
        """Write one message; the same again is the same file.

        :raises SendingFailed: "folder" when it cannot be written.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            text = json.dumps(asdict(outgoing), ensure_ascii=False, indent=1)
            (self.folder / f"{outgoing.key}.json").write_text(text, "utf-8")
        except OSError:
            raise SendingFailed("folder") from None
