"""Language and type size: chosen on any page, remembered in a cookie, signed in or not.

Where no visitor asks for one, in background jobs, the language is the office's: a receipt of a long
filing is written by a worker, and came out in the language of the code.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

from flask import Flask, Response, current_app, g, request
from flask_babel import Babel
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

LOCALES = {"zh_Hans": "简体中文", "en": "English"}
DEFAULT_LOCALE = "zh_Hans"
LANGUAGE_COOKIE = "language"
TYPE_SIZE_COOKIE = "type_size"
TYPE_SIZES = ("normal", "large")
# How long a browser remembers language and type size, in seconds.
YEAR = 365 * 24 * 3600
TRANSLATIONS = Path(__file__).parents[2] / "translations"


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
            locale = _accepted(request.headers.get("Accept-Language", ""))
        size = request.cookies.get(TYPE_SIZE_COOKIE, "")
        found = g.preferences = Preferences(locale, size if size in TYPE_SIZES else "normal")
    return cast("Preferences", found)


@lru_cache(maxsize=256)
def _accepted(header: str) -> str:
    """Return the language that a browser asks for; there are few such headers."""
    asked = parse_accept_header(header, LanguageAccept)
    best = asked.best_match(["zh-Hans", "zh-CN", "zh", "en"])
    return "en" if best == "en" else DEFAULT_LOCALE


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


@contextmanager
def office_language(locale: str) -> Iterator[None]:
    """Let sentences and names come in a language of the office."""
    with _background().app_context():
        g.preferences = Preferences(locale, "normal")
        yield


@lru_cache(maxsize=1)
def _background() -> Flask:
    """Return an app that has the catalogues and no pages."""
    app = Flask("siweb.background", static_folder=None, template_folder=None)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(app, locale_selector=select_locale)
    return app
