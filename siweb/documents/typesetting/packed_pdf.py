"""The same PDF in less room: what is no stream goes compressed into one (ISO 32000-1, 7.5.7).

The structure that screen readers follow is hundreds of small objects, half of a paper; the
typesetter writes each as plain text. PDF/A-3 and PDF/UA allow what every reader since 2003 reads.
"""

import re
import zlib
from collections.abc import Sequence
from itertools import pairwise

_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_TABLE = re.compile(
    rb"xref\s+0 (\d+)\s+((?:\d{10} \d{5} [nf]\s{1,2})+)trailer\s*<<(.*)>>", re.DOTALL
)
_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*)\sendobj\s*\Z", re.DOTALL)
_SIZE = re.compile(rb"/Size \d+")
# Kind 0: a number that no object has.
_FREE = (0, 0, 0)
# Readers walk through the heads of a stream for each object they take out of it.
_TOGETHER = 200


def packed(pdf: bytes) -> bytes:
    """Return a PDF of one revision with a plain cross-reference table in less room.

    Any other is returned as it is.
    """
    start = _START.search(pdf)
    table = _TABLE.match(pdf, int(start[1])) if start else None
    if table is None or b"/Prev" in table[3]:
        return pdf
    entries = re.findall(rb"(\d{10}) \d{5} ([nf])", table[2])
    offsets = sorted(int(offset) for offset, use in entries if use == b"n")
    out, plain = bytearray(pdf[: offsets[0]]), dict[int, bytes]()
    places: dict[int, tuple[int, int, int]] = {}
    for offset, end in pairwise([*offsets, table.start()]):
        found = _OBJECT.match(pdf[offset:end])
        if found is None:
            return pdf
        # A number may be the length of a stream, which has to be read before this is unpacked.
        if found[2].endswith(b"endstream") or found[2].strip().isdigit():
            places[int(found[1])] = (1, len(out), 0)
            out += pdf[offset:end]
        else:
            plain[int(found[1])] = found[2]
    number, waiting = int(table[1]), list(plain.items())
    for first in range(0, len(waiting), _TOGETHER):
        together = waiting[first : first + _TOGETHER]
        places |= {each: (2, number, index) for index, (each, _) in enumerate(together)}
        places[number] = (1, len(out), 0)
        out += _object_stream(number, together)
        number += 1
    places[number] = (1, len(out), 0)
    at, trailer = len(out), _SIZE.sub(b"/Size %d" % (number + 1), table[3])
    rows = b"".join(_row(*places.get(each, _FREE)) for each in range(number + 1))
    out += _stream(number, b"/Type/XRef/W[1 4 4]" + trailer, rows)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % at)


def _row(kind: int, first: int, second: int) -> bytes:
    """Return a row of the cross-references: an offset, or a stream of objects and a place in it."""
    return bytes((kind,)) + first.to_bytes(4) + second.to_bytes(4)


def _object_stream(number: int, objects: Sequence[tuple[int, bytes]]) -> bytes:
    heads, at = [], 0
    for each, body in objects:
        heads.append(b"%d %d" % (each, at))
        at += len(body) + 1
    head = b" ".join(heads) + b"\n"
    about = b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head))
    return _stream(number, about, head + b"\n".join(body for _, body in objects))


def _stream(number: int, about: bytes, data: bytes) -> bytes:
    content = zlib.compress(data, 9)
    about += b"/Filter/FlateDecode/Length %d" % len(content)
    return b"%d 0 obj\n<<%b>>\nstream\n%b\nendstream\nendobj\n\n" % (number, about, content)
