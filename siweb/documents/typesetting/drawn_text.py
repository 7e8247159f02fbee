"""Text as the paper can draw it: a rare character is drawn or named, never lost.

What the papers' font lacks is looked for in the fonts of the machine, and written as its code
point in brackets where none has it. Characters of private use mean something else on every
machine, so they are always named.
"""

import os
import re
import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from siweb.documents.typesetting.font_coverage import Spans, covers, spans_of, uncovered

FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local" / "share" / "fonts",
    Path("/Library/Fonts"),
    Path(os.environ.get("WINDIR", "/nowhere")) / "Fonts",
)
_FONTS = {".otf", ".ttf", ".ttc"}
# Private use, unassigned, surrogates: no font may decide what they look like.
_NEVER_DRAWN = {"Co", "Cn", "Cs"}
# Joiners and direction marks have no shape of their own, nor have variation selectors.
_SHAPELESS = {"Cf", "Cc"}
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


_QUOTES = {ord("‘"): "'", ord("’"): "'", ord("“"): '"', ord("”"): '"'}


def drawable(texts: Any) -> tuple[Any, bool]:
    """Return `texts`, any nesting of dicts and lists of text, with what no font has named instead.

    The second value says whether the fonts of the machine are needed to draw it.
    """
    missing = uncovered("".join(_texts(texts)))
    missing = {char for char in missing if _has_shape(char)}
    if not missing:
        return texts, False
    named = {char for char in missing if not machine_draws(char)}
    table = {ord(char): f"[U+{ord(char):04X}]" for char in named}
    return (_translated(texts, table) if table else texts), bool(missing - named)


@cache
def machine_draws(char: str) -> bool:
    """Return whether a font of the machine has the character."""
    if unicodedata.category(char) in _NEVER_DRAWN:
        return False
    return any(covers(_spans(path), char) for path in _machine_fonts())


def _has_shape(char: str) -> bool:
    return unicodedata.category(char) not in _SHAPELESS and not _SELECTORS.match(char)


def _spans(path: Path) -> Spans:
    try:
        return spans_of(path)
    except (OSError, struct.error):  # a damaged font of the machine draws nothing
        return ()


@cache
def _machine_fonts() -> tuple[Path, ...]:
    found = (
        path
        for folder in FONT_FOLDERS
        if folder.is_dir()
        for path in folder.rglob("*")
        if path.suffix.lower() in _FONTS and path.is_file()
    )
    return tuple(sorted(found))


def with_narrow_quotes(texts: Any) -> Any:
    """Return `texts` with straight quotes: a Chinese font draws the curved ones a square wide."""
    return _translated(texts, _QUOTES)


def _texts(texts: Any) -> list[str]:
    if isinstance(texts, str):
        return [texts]
    if isinstance(texts, dict):
        return [text for value in texts.values() for text in _texts(value)]
    if isinstance(texts, list):
        return [text for value in texts for text in _texts(value)]
    return []


def _translated(texts: Any, table: dict[int, str]) -> Any:
    if isinstance(texts, str):
        return texts.translate(table)
    if isinstance(texts, dict):
        return {key: _translated(value, table) for key, value in texts.items()}
    if isinstance(texts, list):
        return [_translated(value, table) for value in texts]
    return texts
