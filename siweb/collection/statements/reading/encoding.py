"""In which characters a statement is written: what it says, unless its bytes say otherwise."""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from siweb.collection.statements.reading.entry import StatementRefused

_PIECE = 64 * 1024
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# The declaration stands in the first line; what comes later that looks like one is content.
_FIRST = 512
# GB2312 and GBK are parts of GB18030. No other name reaches a decoder.
_CODECS = {
    "utf8": "utf-8-sig",
    "utf8sig": "utf-8-sig",
    "usascii": "utf-8-sig",
    "ascii": "utf-8-sig",
    "utf16": "utf-16",
    "utf16le": "utf-16",
    "utf16be": "utf-16",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "iso88591": "latin-1",
    "windows1252": "cp1252",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    # How XML begins in UTF-16 without a mark.
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)


def xml_encoding(source: BinaryIO) -> str:
    """Return the codec of an XML file: that of its mark or declaration, UTF-8 where it has none.

    A file that says UTF-8, or nothing, and is GB18030 is read as that.

    :raises StatementRefused: "encoding" with the name that stands there.
    """
    first = source.read(_FIRST)
    source.seek(0)
    declared = _DECLARED.search(first)
    name = declared[1].decode("ascii") if declared else "UTF-8"
    stated = _marked(first) or _codec(name)
    # A declaration that can be read byte by byte is not in UTF-16, whatever it says.
    return _fitting(source, "utf-8-sig" if declared and stated == "utf-16" else stated, name)


def text_encoding(source: BinaryIO, stated: str) -> str:
    """Return the codec of a text file: the one that is kept for its bank, if the bytes fit it.

    :raises StatementRefused: "encoding".
    """
    first = source.read(_FIRST)
    source.seek(0)
    return _fitting(source, _marked(first) or _codec(stated), stated)


def decoded(source: BinaryIO, codec: str) -> Iterator[str]:
    """Yield the text of a file piece by piece.

    :raises StatementRefused: "encoding" where bytes are none of its characters.
    """
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        while piece := source.read(_PIECE):
            yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)
    except UnicodeError:
        raise StatementRefused("encoding", text=codec) from None


def _codec(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    if plain not in _CODECS:
        raise StatementRefused("encoding", text=name)
    return _CODECS[plain]


def _marked(first: bytes) -> str | None:
    return next((codec for mark, codec in _MARKS if first.startswith(mark)), None)


def _fitting(source: BinaryIO, stated: str, name: str) -> str:
    """Return the stated codec, or the other of the two that banks use, by all bytes of the file.

    Chinese text in GB18030 is practically never valid UTF-8, so UTF-8 is tried first of the two.
    """
    pair = ["utf-8-sig", "gb18030"]
    for codec in pair if stated in pair else [stated]:
        if _fits(source, codec):
            return codec
    raise StatementRefused("encoding", text=name)


def _fits(source: BinaryIO, codec: str) -> bool:
    source.seek(0)
    try:
        for _piece in decoded(source, codec):
            pass
    except StatementRefused:
        return False
    finally:
        source.seek(0)
    return True
