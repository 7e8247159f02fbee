"""Which characters a font can draw, read from its character map (OpenType `cmap`)."""

import struct
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

PAPER_FONT = Path(__file__).parent / "fonts" / "SiwebPaperSans-Regular.otf"
PAPER_FAMILY = "Siweb Paper Sans"
_COLLECTION = b"ttcf"
_SEGMENTED = 12

Spans = tuple[tuple[int, int], ...]
"""Code points from first to last, both included."""


@cache
def spans_of(path: Path, index: int = 0) -> Spans:
    """Return what a font file covers; nothing when its map has no Unicode table of 32 bits.

    Every font with the whole of Unicode in mind carries such a table (format 12).
    """
    with path.open("rb") as file:
        start = _table_start(file, index)
        return () if start is None else _segmented_spans(file, start)


def covers(spans: Spans, char: str) -> bool:
    """Return whether a character can be drawn; line breaks and the like need no glyph."""
    point = ord(char)
    return point < 0x20 or any(first <= point <= last for first, last in spans)  # noqa: PLR2004


def uncovered(text: str) -> set[str]:
    """Return the characters of a text that the papers' own font cannot draw."""
    spans = spans_of(PAPER_FONT)
    return {char for char in set(text) if not covers(spans, char)}


def _table_start(file: BinaryIO, index: int) -> int | None:
    header = file.read(12)
    if header[:4] == _COLLECTION:
        (fonts,) = struct.unpack(">I", header[8:12])
        offsets = struct.unpack(f">{fonts}I", file.read(4 * fonts))
        file.seek(offsets[index])
        header = file.read(12)
    (tables,) = struct.unpack(">H", header[4:6])
    for _ in range(tables):
        tag, _sum, offset, _length = struct.unpack(">4sIII", file.read(16))
        if tag == b"cmap":
            return int(offset)
    return None


def _segmented_spans(file: BinaryIO, start: int) -> Spans:
    file.seek(start)
    _version, tables = struct.unpack(">HH", file.read(4))
    offsets = [struct.unpack(">HHI", file.read(8))[2] for _ in range(tables)]
    for offset in offsets:
        file.seek(start + offset)
        if struct.unpack(">H", file.read(2))[0] != _SEGMENTED:
            continue
        _reserved, _length, _language, groups = struct.unpack(">HIII", file.read(14))
        numbers = struct.unpack(f">{groups * 3}I", file.read(12 * groups))
        return _joined(tuple(zip(numbers[::3], numbers[1::3], strict=True)))
    return ()


def _joined(groups: Spans) -> Spans:
    """Return groups that follow each other as one."""
    if not groups:
        return ()
    starts = [groups[0][0]]
    ends = []
    for (_, last), (first, _) in pairwise(groups):
        if first != last + 1:
            ends.append(last)
            starts.append(first)
    return tuple(zip(starts, [*ends, groups[-1][1]], strict=True))
