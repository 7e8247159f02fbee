"""The office's language where no visitor asks for one: in background jobs.

A receipt of a long filing is written by a worker; without a language of its own it came out in
that of the code.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from flask import Flask, g
from flask_babel import Babel

from siweb.web.language.locale import Preferences, select_locale

TRANSLATIONS = Path(__file__).parents[2] / "translations"


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
