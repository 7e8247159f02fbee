"""In which encoding a text file is written: tried on the whole of it, never guessed from a part."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from siweb.documents.spreadsheets.reading.refusal import SheetRefused

_PIECE = 1 << 20
_BEGINNING = 1 << 12
_DECLARED = re.compile(rb"(?:encoding|charset)\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
# GB 18030 holds GB 2312 and GBK, and files that name those use letters beyond them.
_CHINESE = frozenset({"gb2312", "gbk", "cp936", "gb18030", "hz"})
_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# How markup begins in UTF-16 without a mark.
_UTF_16_MARKUP = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}


def find_encoding(file: Path) -> str:
    """Return the encoding that the whole file can be read in.

    :raises SheetRefused: "encoding", or "not_a_sheet" where letters are no text.
    """
    with file.open("rb") as source:
        beginning = source.read(_BEGINNING)
    for encoding in _candidates(beginning):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with file.open("rb") as source:
                while piece := source.read(_PIECE):
                    if "\0" in decoder.decode(piece):
                        raise SheetRefused("not_a_sheet")
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise SheetRefused("encoding")


def _candidates(beginning: bytes) -> Iterator[str]:
    if beginning[:2] in _UTF_16_MARKS:
        yield "utf-16"
        return
    if beginning[:2] in _UTF_16_MARKUP:
        yield _UTF_16_MARKUP[beginning[:2]]
    # Chinese text in another encoding is hardly ever UTF-8 by chance, but files that say they are
    # in another one, and are in UTF-8, are common.
    yield "utf-8-sig"
    declared = _DECLARED.search(beginning)
    if declared:
        try:
            name = codecs.lookup(declared[1].decode("ascii")).name
            # Some of Python's codecs, such as hex, turn no bytes into text.
            b"a".decode(name)
        except (LookupError, UnicodeError):
            name = ""
        if name and name not in _CHINESE and not name.startswith("utf"):
            yield name
    yield "gb18030"


def decoded_beginning(beginning: bytes) -> str:
    """Return the beginning of a file as text that is good enough to tell what it is."""
    if beginning[:2] in _UTF_16_MARKS:
        return beginning.decode("utf-16", "replace")
    encoding = _UTF_16_MARKUP.get(beginning[:2], "utf-8-sig")
    return beginning.decode(encoding, "replace")


def text_pieces(file: Path, size: int) -> Iterator[str]:
    """Yield the text of a file piece by piece, in whatever encoding it is.

    :raises SheetRefused: "encoding" or "not_a_sheet".
    """
    with file.open(encoding=find_encoding(file), newline="") as source:
        while piece := source.read(size):
            yield piece
