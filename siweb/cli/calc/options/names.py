"""Find an option by the word that a file or a JSON object uses for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

import click


def options_by_name(params: Sequence[click.Parameter]) -> dict[str, click.Option]:
    """Return a command's options by all their names, without the dashes in front."""
    return {
        name.lstrip("-"): option
        for option in params
        if isinstance(option, click.Option)
        for name in (*option.opts, *option.secondary_opts)
    }


def option_word(name: str) -> str:
    """Return a name as options are written: dashes and underscores are alike."""
    return name.strip().lower().lstrip("-").replace("_", "-")


def option_named(name: str, options: Mapping[str, click.Option], what: str) -> click.Option:
    """Return the option that a column or a key means.

    :raises click.UsageError: when there is none, with the nearest one.
    """
    wanted = option_word(name)
    if wanted in options:
        return options[wanted]
    near = get_close_matches(wanted, options, 1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise click.UsageError(f"The {what} {name!r} is no option of this calculation.{hint}")
