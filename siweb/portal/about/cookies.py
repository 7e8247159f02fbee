"""Everything that a browser keeps of the office, and for how long: the list people are shown."""

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from siweb.auth.sign_in.browser import DEVICE_COOKIE, DEVICE_LASTS
from siweb.web.language.locale import LANGUAGE_COOKIE, TYPE_SIZE_COOKIE, YEAR

SESSION_COOKIE = "siweb"


@dataclass(frozen=True, slots=True)
class KeptCookie:
    """One cookie: what it is for, and how long it stays; None: until the sign-in ends."""

    name: str
    purpose: LazyString
    lasts: timedelta | None


COOKIES = (
    KeptCookie(SESSION_COOKIE, _l("Your sign-in, and the cities you chose last"), None),
    KeptCookie(
        DEVICE_COOKIE,
        _l("That you signed in on this device before, so that a strange device is noticed"),
        DEVICE_LASTS,
    ),
    KeptCookie(LANGUAGE_COOKIE, _l("The language you chose"), timedelta(seconds=YEAR)),
    KeptCookie(TYPE_SIZE_COOKIE, _l("Large or normal type"), timedelta(seconds=YEAR)),
)
