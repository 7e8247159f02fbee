"""The catalogues of the rooms, read, merged and written.

The build of a wheel runs this file by itself, before siweb is installed: it imports only Babel.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

CATALOGUES = Path(__file__).parents[2] / "translations" / "zh_Hans" / "LC_MESSAGES"
COMPILED = "messages.mo"
LOCALE = "zh_Hans"
_PLACEHOLDER = re.compile(r"%\(\w+\)")
# The same sentences make the same file, whenever and by whomever it is written.
WRITTEN_AT = datetime(2026, 1, 1, tzinfo=UTC)


def merged() -> Catalog:
    """Return all rooms' messages as one catalogue."""
    whole = Catalog(locale=LOCALE, creation_date=WRITTEN_AT)
    for path in sorted(CATALOGUES.glob("*.po")):
        for message in read_catalogue(path.stem):
            if message.id and message.string and not message.fuzzy:
                whole.add(message.id, message.string, context=message.context)
    return whole


def write_compiled(path: Path) -> None:
    """Write all rooms' messages as the one file that the app reads."""
    with path.open("wb") as file:
        write_mo(file, merged())


def read_catalogue(room: str) -> Catalog:
    """Return a room's messages; none where it has no catalogue yet."""
    path = CATALOGUES / f"{room}.po"
    if not path.exists():
        return Catalog(locale=LOCALE)
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE)


def write_catalogue(room: str, catalogue: Catalog) -> None:
    """Write a room's messages, sorted, with the header of every catalogue."""
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
        if not placeholders(message.id):
            # A lone % is no placeholder, though it is taken for one: "0.05 % of the arrears".
            message.flags.discard("python-format")
        whole[message.id] = message
    with (CATALOGUES / f"{room}.po").open("wb") as file:
        write_po(file, whole, width=100, sort_output=True, no_location=True)


def placeholders(text: object) -> set[str]:
    """Return the places of a sentence, or of all forms of a counted one: '%(count)'."""
    texts = text if isinstance(text, list | tuple) else (text,)
    return {name for each in texts for name in _PLACEHOLDER.findall(str(each))}
