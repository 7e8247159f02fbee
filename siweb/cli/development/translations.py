"""siweb translations: one catalogue per room, compiled into the one that the app reads."""

import os
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file

from siweb.cli.counted import counted
from siweb.cli.development.catalogues import (
    CATALOGUES,
    COMPILED,
    LOCALE,
    placeholders,
    read_catalogue,
    write_catalogue,
    write_compiled,
)

PACKAGE = Path(__file__).parents[2]
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "_n": (1, 2),
    # Words that mean two things: the first argument says which.
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    # Marked where it is described, translated where it is shown.
    "N_": None,
}


@click.group()
def translations() -> None:
    """Keep the Chinese catalogues complete."""


@translations.command()
@click.argument("rooms", nargs=-1)
def update(rooms: tuple[str, ...]) -> None:
    """Add new sentences of ROOMS (all when none is named) to their catalogues, drop unused ones."""
    for room in rooms or sorted(_rooms()):
        catalogue = read_catalogue(room)
        template = _extract(room)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        if len(catalogue):
            write_catalogue(room, catalogue)
        click.echo(f"{room}: {len(_untranslated(catalogue))} of {len(catalogue)} missing")


@translations.command("compile")
def compile_catalogues() -> None:
    """Compile all rooms' catalogues into the one file that the app reads."""
    # Written beside and renamed: a process that starts meanwhile reads the old file or the new one.
    draft = CATALOGUES / f"messages.{os.getpid()}.draft"
    write_compiled(draft)
    draft.replace(CATALOGUES / COMPILED)


@translations.command()
def check() -> None:
    """Fail when a sentence has no translation, is fuzzy, or has two; or when no page says it."""
    problems = list(_problems())
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise click.ClickException(f"{counted(len(problems), 'problem')} in the translations.")
    click.echo("The translations are complete.")


def _problems() -> Iterator[str]:
    translated: dict[object, tuple[str, object]] = {}
    for room in sorted(_rooms()):
        catalogue = {_key(message): message for message in read_catalogue(room) if message.id}
        for message in _extract(room):
            if not message.id:
                continue
            found = catalogue.pop(_key(message), None)
            if found is None or not found.string or found.fuzzy:
                yield f"{room}: no translation of {message.id!r}"
                continue
            if placeholders(found.string) - placeholders(message.id):
                yield f"{room}: the translation of {message.id!r} has a place too many"
            first = translated.setdefault(_key(message), (room, found.string))
            if first[1] != found.string:
                yield f"{room} and {first[0]} translate {message.id!r} differently"
        # Nobody would see that such a translation is wrong, and the next one would be made by it.
        yield from (
            f"{room}: nothing says {message.id!r} any more" for message in catalogue.values()
        )


def _key(message: Message) -> tuple[object, object]:
    return message.context, message.id


def _rooms() -> set[str]:
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    return rooms - {"translations", "rules", "db", "cli", "bench"}


def _sources(room: str) -> list[Path]:
    templates = PACKAGE.parent / "templates"
    folders = [PACKAGE / room, templates / room]
    if room == "web":
        folders += [templates / "layouts", templates / "components"]
    return sorted(
        path for folder in folders for path in folder.rglob("*") if path.suffix in {".py", ".html"}
    )


def _extract(room: str) -> Catalog:
    found = Catalog(locale=LOCALE)
    for path in _sources(room):
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        options = {"trimmed": "true", "silent": "false"} if path.suffix == ".html" else {}
        for line, message, comments, context in extract_from_file(
            method,
            str(path),
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            options=options,
            strip_comment_tags=True,
        ):
            place = path.relative_to(PACKAGE.parent).as_posix()
            found.add(message, None, [(place, line)], auto_comments=comments, context=context)
    return found


def _untranslated(catalogue: Catalog) -> list[object]:
    return [message.id for message in catalogue if message.id and not message.string]
