"""Ask the office's virus scanner about a file: what it cannot be asked about is not taken in."""

import shlex
import socket
import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from siweb.evidence.scan_refused import ScanRefused
from siweb.settings import SettingError, Settings

# A form waits for the answer, and with it whoever writes next.
_SECONDS = 10
_PORTION = 1 << 16
_LONGEST_ANSWER = 4_096
_CLEAN, _INFECTED = 0, 1


@dataclass(frozen=True, slots=True)
class VirusScanner:
    """The scanner of the settings; without one every file is taken in.

    :param way: "unix", "tcp" or "command"; empty for none.
    :param target: the socket, the host with its port, or the command.
    """

    way: str = ""
    target: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the scanner of the settings.

        :raises SettingError: naming the setting and what would be right.
        """
        if not settings.scanner:
            return cls()
        way, _colon, target = settings.scanner.partition(":")
        is_right = way in _WAYS and bool(target.strip())
        if way == "unix":
            is_right = Path(target).is_absolute()
        if way == "tcp":
            host, _colon, port = target.rpartition(":")
            is_right = bool(host) and port.isascii() and port.isdigit()
        if not is_right:
            raise SettingError(
                "SIWEB_SCANNER must be unix:/path/of/clamd/socket, tcp:host:port or "
                f"command:program with its arguments, not {settings.scanner!r}."
            )
        return cls(way, target)

    def require_clean(self, content: bytes) -> None:
        """Return when nothing is found in a file.

        :raises ScanRefused: "infected", or "not_scanned" where no answer came.
        """
        if not self.way:
            return
        try:
            is_clean = _WAYS[self.way](self.target, content)
        except (OSError, ValueError, subprocess.SubprocessError):
            raise ScanRefused("not_scanned") from None
        if not is_clean:
            raise ScanRefused("infected")


def _by_command(target: str, content: bytes) -> bool:
    """Give a file to a command; it ends with 0 where nothing is found and with 1 otherwise."""
    ended = subprocess.run(  # noqa: S603 - the command that the office's settings name
        shlex.split(target),
        input=content,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=_SECONDS,
        check=False,
    )
    if ended.returncode not in {_CLEAN, _INFECTED}:
        raise ValueError("the scanner failed")
    return ended.returncode == _CLEAN


def _by_socket(target: str, content: bytes) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(_SECONDS)
        line.connect(target)
        return _instream(line, content)


def _by_network(target: str, content: bytes) -> bool:
    host, _colon, port = target.rpartition(":")
    with socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS) as line:
        return _instream(line, content)


def _instream(line: socket.socket, content: bytes) -> bool:
    """Speak clamd's INSTREAM: portions with their lengths, an empty one at the end."""
    line.sendall(b"zINSTREAM\0")
    for place in range(0, len(content), _PORTION):
        portion = content[place : place + _PORTION]
        line.sendall(struct.pack(">I", len(portion)) + portion)
    line.sendall(struct.pack(">I", 0))
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        received = line.recv(_LONGEST_ANSWER)
        if not received:
            break
        answer += received
    words = answer.rstrip(b"\0\n ")
    if words.endswith(b" FOUND"):
        return False
    if words == b"stream: OK":
        return True
    raise ValueError("the scanner gave no answer about the file")


_WAYS: dict[str, Callable[[str, bytes], bool]] = {
    "unix": _by_socket,
    "tcp": _by_network,
    "command": _by_command,
}
