"""What the office shows of itself: its name, its telephone and its emblem."""

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.registry.tables.office import THE_OFFICE, Office
from siweb.rules.errors import Refusal

MOST_EMBLEM_BYTES = 24 * 1024
"""It goes with the first page that somebody loads on a phone: as much as the page itself."""

# Drawn at 34 pixels, on screens of up to three times as many; no reader needs more.
_SIDES = range(96, 513)
_LONGEST_ZH, _LONGEST_EN, _LONGEST_PHONE = 80, 120, 30
# What a telephone dials from a link, and how people write it.
_PHONE = re.compile(r"[0-9+() -]*\Z")
_PNG = b"\x89PNG\r\n\x1a\n"


class OfficeRefused(Refusal):
    """When something is not shown.

    "not_open" yet; "no_name" or too long a one; "no_phone"; of an emblem "no_png", "not_square" or
    "too_large".
    """


@dataclass(frozen=True, slots=True)
class ShownOffice:
    """What pages and papers show of the office; `emblem` is a digest by which browsers keep it."""

    name_zh: str
    name_en: str
    phone: str
    emblem: str


def shown_office(session: Session) -> ShownOffice | None:
    """Return what the office shows of itself; None before it was opened, as in a demonstration."""
    found = session.execute(
        select(Office.name_zh, Office.name_en, Office.phone, Office.emblem).where(
            Office.id == THE_OFFICE
        )
    ).first()
    if found is None:
        return None
    emblem = "" if found.emblem is None else sha256(found.emblem).hexdigest()[:12]
    return ShownOffice(found.name_zh, found.name_en, found.phone, emblem)


def emblem_of(session: Session) -> bytes | None:
    """Return the office's emblem, a PNG; None when it has none of its own."""
    return session.scalar(select(Office.emblem).where(Office.id == THE_OFFICE))


def has_emblem(session: Session) -> bool:
    """Return whether the office has an emblem of its own."""
    asked = select(func.count()).where(Office.id == THE_OFFICE, Office.emblem.is_not(None))
    return bool(session.scalar(asked))


def show_office(
    session: Session,
    *,
    name_zh: str,
    name_en: str,
    phone: str,
    emblem: bytes | None = None,
    without_emblem: bool = False,
    actor: Actor,
    at: datetime,
) -> None:
    """Let the office show these from now on; without a new `emblem` it keeps the one it has.

    :raises OfficeRefused: see there.
    """
    office = session.get(Office, THE_OFFICE)
    if office is None:
        raise OfficeRefused("not_open")
    if not 0 < len(name_zh) <= _LONGEST_ZH or not 0 < len(name_en) <= _LONGEST_EN:
        raise OfficeRefused("no_name")
    require_phone(phone)
    if emblem is not None:
        require_emblem(emblem)
    before = {"name_zh": office.name_zh, "name_en": office.name_en, "phone": office.phone}
    office.name_zh, office.name_en, office.phone = name_zh, name_en, phone
    if emblem is not None or without_emblem:
        office.emblem = emblem
    session.flush()
    digest = "" if office.emblem is None else sha256(office.emblem).hexdigest()
    facts = {"before": before, "name_zh": name_zh, "name_en": name_en, "phone": phone}
    record_activity(
        session,
        "office.shown",
        actor=actor,
        at=at,
        subject=("office", THE_OFFICE),
        facts={**facts, "emblem": digest},
    )


def require_phone(phone: str) -> None:
    """Require a number that can be dialled, or none.

    :raises OfficeRefused: "no_phone".
    """
    if len(phone) > _LONGEST_PHONE or not _PHONE.match(phone):
        raise OfficeRefused("no_phone")


def require_emblem(content: bytes) -> None:
    """Require a square PNG of a size that pages can carry.

    No SVG: a picture that may hold scripts and addresses is not kept for every page of the office.

    :raises OfficeRefused: "no_png", "not_square", "too_large".
    """
    if len(content) > MOST_EMBLEM_BYTES:
        raise OfficeRefused("too_large")
    # A PNG begins with its sign and the header chunk, whose first eight bytes are the two sides.
    if content[:8] != _PNG or content[12:16] != b"IHDR" or content[-8:-4] != b"IEND":
        raise OfficeRefused("no_png")
    width, height = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    if width != height or width not in _SIDES:
        raise OfficeRefused("not_square")
