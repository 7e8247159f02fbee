"""siweb translations: one catalogue per room, compiled into the one that the app reads."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
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
    # Words that mean two things: the first argument says which.
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    # Marked where it is described, translated where it is shown.
    "N_": None,
}
LOCALE = "zh_Hans"
_PLACEHOLDER = re.compile(r"%\(\w+\)")
# The same sentences make the same file, whenever and by whomever it is written.
WRITTEN_AT = datetime(2026, 1, 1, tzinfo=UTC)


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
    whole = Catalog(locale=LOCALE, creation_date=WRITTEN_AT)
    for path in sorted(CATALOGUES.glob("*.po")):
        for message in _read(path.stem):
            if message.id and message.string and not message.fuzzy:
                whole.add(message.id, message.string, context=message.context)
    return whole


def _problems() -> Iterator[str]:
    translated: dict[object, tuple[str, object]] = {}
    for room in sorted(_rooms()):
        catalogue = {_key(message): message for message in _read(room) if message.id}
        for message in _extract(room):
            if not message.id:
                continue
            found = catalogue.get(_key(message))
            if found is None or not found.string or found.fuzzy:
                yield f"{room}: no translation of {message.id!r}"
                continue
            if _placeholders(found.string) - _placeholders(message.id):
                yield f"{room}: the translation of {message.id!r} has a place too many"
            first = translated.setdefault(_key(message), (room, found.string))
            if first[1] != found.string:
                yield f"{room} and {first[0]} translate {message.id!r} differently"


def _placeholders(text: object) -> set[str]:
    texts = text if isinstance(text, list | tuple) else (text,)
    return {name for each in texts for name in _PLACEHOLDER.findall(str(each))}


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


def _read(room: str) -> Catalog:
    path = CATALOGUES / f"{room}.po"
    if not path.exists():
        return Catalog(locale=LOCALE)
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE)


def _write(room: str, catalogue: Catalog) -> None:
    whole = Catalog(
        locale=LOCALE,
        project="siweb",
        msgid_bugs_address="docs/translating.md",
        version=room,
        header_comment=f"# The Chinese of {room}; docs/translating.md says how to write it.\n#",
        last_translator="siweb",
        language_team="zh_Hans",
        creation_date=WRITTEN_AT,
        revision_date=WRITTEN_AT,
        fuzzy=False,
    )
    for message in catalogue:
        if not message.id:
            continue
        if not _placeholders(message.id):
            # A lone % is no placeholder, though it is taken for one: "0.05 % of the arrears".
            message.flags.discard("python-format")
        whole[message.id] = message
    with (CATALOGUES / f"{room}.po").open("wb") as file:
        write_po(file, whole, width=100, sort_output=True, no_location=True)


def _untranslated(catalogue: Catalog) -> list[object]:
    return [message.id for message in catalogue if message.id and not message.string]
