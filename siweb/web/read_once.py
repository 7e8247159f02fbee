"""What a request reads twice is read once: the page shows it, the access log names whose it is."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from flask import g
from sqlalchemy.orm import Session

from siweb.web.database import db_session

Found = TypeVar("Found")


def read_once(read: Callable[..., Found], *facts: Hashable, **more: Hashable) -> Found:
    """Return what `read(session, *facts, **more)` found the first time in this request.

    Only for what is shown: an action changes what was read, so that it asks anew.
    """
    kept: dict[Any, Any] = g.setdefault("read_once", {})
    key = (read, facts, tuple(sorted(more.items())))
    if key not in kept:
        session: Session = db_session()
        kept[key] = read(session, *facts, **more)
    found: Found = kept[key]
    return found


def read_anew() -> None:
    """Forget what was read: an action that was refused and rolled back is answered by a page."""
    g.pop("read_once", None)
