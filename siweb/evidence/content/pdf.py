"""How many pages a PDF has; one that acts by itself, or that nobody can read, is refused.

It is read as far as that needs, and by no library: a reader that understands everything a PDF may
be is what a hostile one is made for. Whoever opens it does so with a reader of their own.
"""

import re
import zlib

from siweb.evidence.scan_refused import ScanRefused

_STREAM = re.compile(rb"(?<!end)stream\r?\n(.*?)endstream", re.DOTALL)
# Of a stream's dictionary, which stands before it.
_BEFORE = 2_000
# All that lists of objects come to when they are unpacked.
_MOST_UNPACKED = 32 << 20
_END = 2_048
_HEX = re.compile(rb"#([0-9a-fA-F]{2})")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_OBJECTS = re.compile(rb"/Type\s*/ObjStm(?![A-Za-z])")
_LOCKED = re.compile(rb"/Encrypt(?![A-Za-z])")
# Scripts, programs, other files inside, media that play, forms that compute.
_ACTS = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|Movie|Sound)"
    rb"(?![A-Za-z])"
)


def count_pages(content: bytes) -> int:
    """Return how many pages a PDF has.

    :raises ScanRefused: "broken", "locked", "acts".
    """
    if b"%%EOF" not in content[-_END:]:
        raise ScanRefused("broken")
    text = _HEX.sub(lambda found: bytes([int(found[1], 16)]), _objects_of(content))
    if _LOCKED.search(text):
        raise ScanRefused("locked")
    if _ACTS.search(text):
        raise ScanRefused("acts")
    pages = len(_PAGE.findall(text))
    if pages == 0:
        raise ScanRefused("broken")
    return pages


def _objects_of(content: bytes) -> bytes:
    """Return the objects of a PDF, packed ones as well, without pictures and fonts."""
    parts, place, left = [], 0, _MOST_UNPACKED
    for stream in _STREAM.finditer(content):
        parts.append(content[place : stream.start()])
        place = stream.end()
        if _OBJECTS.search(content, max(0, stream.start() - _BEFORE), stream.start()):
            unpacked = _unpacked(stream[1], left)
            left -= len(unpacked)
            parts.append(unpacked)
    parts.append(content[place:])
    return b"\n".join(parts)


def _unpacked(packed: bytes, most: int) -> bytes:
    if most <= 0:
        raise ScanRefused("broken")
    reader = zlib.decompressobj()
    try:
        return reader.decompress(packed, most)
    except zlib.error:
        raise ScanRefused("broken") from None
