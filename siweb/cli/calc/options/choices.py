"""Options that are one word of a few: the codes of the settings, as packs write them."""

from __future__ import annotations

from enum import StrEnum

import click


def one_of(words: type[StrEnum]) -> click.Choice[str]:
    """Return a choice among the codes of a setting."""
    return click.Choice([word.value for word in words], case_sensitive=False)
