"""Sentences in the reader's language, for templates.

Flask-Babel looks for locale and catalogue anew for each sentence, which for a page of thirty costs
as much as all the rest of it. A page is in one language: here they are found once a page.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Flask
from flask_babel import get_translations

from siweb.web.language.locale import preferences

Say = Callable[..., str]


class _Catalogue(NamedTuple):
    """The sentences of one language: `_` of the templates, and what `{% trans %}` asks."""

    say: Say
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]
    pgettext: Callable[[str, str], str]
    npgettext: Callable[[str, str, str, int], str]


def install(app: Flask) -> None:
    """Give the templates their `_`, pages one of their own that is in their language already."""
    kept: dict[str, _Catalogue] = {}

    def in_language() -> _Catalogue:
        locale = preferences().locale
        found = kept.get(locale)
        if found is None:
            of = get_translations()
            found = kept[locale] = _Catalogue(
                _say(of.ugettext), of.ugettext, of.ungettext, of.upgettext, of.unpgettext
            )
        return found

    def sentence(message: str, **values: Any) -> str:
        """Return a sentence in the reader's language, with its named places filled in."""
        return in_language().say(message, **values)

    app.jinja_env.globals["_"] = sentence
    app.context_processor(lambda: {"_": in_language().say})
    # The same for `{% trans %}` and `ngettext`, which Flask-Babel gave its own.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: in_language().gettext(text),
        ngettext=lambda single, several, count: in_language().ngettext(single, several, count),
        newstyle=True,
        pgettext=lambda about, text: in_language().pgettext(about, text),
        npgettext=lambda about, single, several, count: in_language().npgettext(
            about, single, several, count
        ),
    )


def _say(find: Callable[[str], str]) -> Say:
    def say(message: str, **values: Any) -> str:
        sentence = find(message)
        return sentence % values if values else sentence

    return say
