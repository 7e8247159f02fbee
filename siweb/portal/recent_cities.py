"""The cities a visitor chose last, kept in the browser's own session, signed in or not."""

from flask import session

KEY = "recent_cities"
# What fits one row on a phone.
KEPT = 4


def recent_cities() -> list[str]:
    """Return the codes, the last one first."""
    found = session.get(KEY)
    return [code for code in found if isinstance(code, str)] if isinstance(found, list) else []


def remember_city(code: str) -> None:
    """Put a city first."""
    chosen = [code, *(city for city in recent_cities() if city != code)][:KEPT]
    if chosen != recent_cities():
        session[KEY] = chosen
