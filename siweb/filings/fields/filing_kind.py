"""What an employer can file."""

from enum import StrEnum


class FilingKind(StrEnum):
    HIRE = "hire"
    LEAVE = "leave"
    CHANGE = "change"
    PAUSE = "pause"
    RESUME = "resume"
    BASE = "base"
