"""Sentences in the reader's language, for templates.

Flask-Babel looks for locale and catalogue anew for each sentence, which for a page of thirty costs
as much as all the rest of it. A page is in one language: here they are found once a page.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_babel import get_translations

from siweb.web.language.locale import preferences

Say = Callable[..., str]


def install(app: Flask) -> None:
    """Give the templates their `_`, pages one of their own that is in their language already."""
    kept: dict[str, Say] = {}

    def in_language() -> Say:
        locale = preferences().locale
        if locale not in kept:
            kept[locale] = _say(get_translations().ugettext)
        return kept[locale]

    def sentence(message: str, **values: Any) -> str:
        """Return a sentence in the reader's language, with its named places filled in."""
        return in_language()(message, **values)

    app.jinja_env.globals["_"] = sentence
    app.context_processor(lambda: {"_": in_language()})


def _say(find: Callable[[str], str]) -> Say:
    def say(message: str, **values: Any) -> str:
        sentence = find(message)
        return sentence % values if values else sentence

    return say
