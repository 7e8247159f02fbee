"""Sentences in the reader's language, for templates.

Flask-Babel looks for locale and catalogue anew for each sentence, which for a page of thirty costs
as much as all the rest of it. A page is in one language: here they are found once a request.
"""

from typing import Any

from flask import g
from flask_babel import get_translations


def sentence(message: str, **values: Any) -> str:
    """Return a sentence in the reader's language, with its named places filled in."""
    catalogue = g.get("sentences")
    if catalogue is None:
        catalogue = g.sentences = get_translations()
    said: str = catalogue.ugettext(message)
    return said % values if values else said
