"""Language and type size: chosen on any page, remembered in a cookie, signed in or not."""

from dataclasses import dataclass
from typing import cast

from flask import Response, current_app, g, request

LOCALES = {"zh_Hans": "简体中文", "en": "English"}
DEFAULT_LOCALE = "zh_Hans"
LANGUAGE_COOKIE = "language"
TYPE_SIZE_COOKIE = "type_size"
TYPE_SIZES = ("normal", "large")
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Preferences:
    locale: str
    type_size: str

    @property
    def language_tag(self) -> str:
        """Return the tag for the page's lang attribute."""
        return self.locale.replace("_", "-")


def preferences() -> Preferences:
    """Return what this visitor chose, else what the browser asks for, else Chinese."""
    found = g.get("preferences")
    if found is None:
        locale = request.cookies.get(LANGUAGE_COOKIE, "")
        if locale not in LOCALES:
            best = request.accept_languages.best_match(["zh-Hans", "zh-CN", "zh", "en"])
            locale = "en" if best == "en" else DEFAULT_LOCALE
        size = request.cookies.get(TYPE_SIZE_COOKIE, "")
        found = g.preferences = Preferences(locale, size if size in TYPE_SIZES else "normal")
    return cast("Preferences", found)


def select_locale() -> str:
    """Return the locale for Flask-Babel."""
    return preferences().locale


def remember(response: Response, cookie: str, value: str) -> Response:
    """Keep a choice for a year."""
    response.set_cookie(
        cookie,
        value,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["HTTPS"]),
    )
    return response
