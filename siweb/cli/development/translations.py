"""siweb translations: one catalogue per room, compiled into the one that the app reads."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parents[2]
CATALOGUES = PACKAGE / "translations" / "zh_Hans" / "LC_MESSAGES"
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "_n": (1, 2),
}
LOCALE = "zh_Hans"


@click.group()
def translations() -> None:
    """Keep the Chinese catalogues complete."""


@translations.command()
@click.argument("rooms", nargs=-1)
def update(rooms: tuple[str, ...]) -> None:
    """Add new sentences of ROOMS (all when none is named) to their catalogues, drop unused ones."""
    for room in rooms or sorted(_rooms()):
        catalogue = _read(room)
        template = _extract(room)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        if len(catalogue):
            _write(room, catalogue)
        click.echo(f"{room}: {len(_untranslated(catalogue))} of {len(catalogue)} missing")


@translations.command("compile")
def compile_catalogues() -> None:
    """Compile all rooms' catalogues into the one file that the app reads."""
    # Written beside and renamed: a process that starts meanwhile reads the old file or the new one.
    draft = CATALOGUES / f"messages.{os.getpid()}.draft"
    with draft.open("wb") as file:
        write_mo(file, merged())
    draft.replace(CATALOGUES / "messages.mo")


@translations.command()
def check() -> None:
    """Fail when a sentence has no translation, is fuzzy, or has two."""
    problems = list(_problems())
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise click.ClickException(f"{len(problems)} problems in the translations.")
    click.echo("The translations are complete.")


def merged() -> Catalog:
    """Return all rooms' messages as one catalogue."""
    # The same sentences make the same file, whenever it is compiled.
    whole = Catalog(locale=LOCALE, creation_date=datetime(2026, 1, 1, tzinfo=UTC))
    for path in sorted(CATALOGUES.glob("*.po")):
        for message in _read(path.stem):
            if message.id and message.string and not message.fuzzy:
                whole.add(message.id, message.string, context=message.context)
    return whole


def _problems() -> Iterator[str]:
    translated: dict[object, tuple[str, object]] = {}
    for room in sorted(_rooms()):
        catalogue = {message.id: message for message in _read(room) if message.id}
        for message in _extract(room):
            if not message.id:
                continue
            found = catalogue.get(message.id)
            if found is None or not found.string or found.fuzzy:
                yield f"{room}: no translation of {message.id!r}"
                continue
            first = translated.setdefault(message.id, (room, found.string))
            if first[1] != found.string:
                yield f"{room} and {first[0]} translate {message.id!r} differently"


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


def _read(room: str) -> Catalog:
    path = CATALOGUES / f"{room}.po"
    if not path.exists():
        return Catalog(locale=LOCALE)
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE)


def _write(room: str, catalogue: Catalog) -> None:
    with (CATALOGUES / f"{room}.po").open("wb") as file:
        write_po(file, catalogue, width=100, sort_output=True, omit_header=True, no_location=True)


def _untranslated(catalogue: Catalog) -> list[object]:
    return [message.id for message in catalogue if message.id and not message.string]
