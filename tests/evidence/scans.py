"""Files as scanners and cameras make them, small."""

import struct
import zlib
from io import BytesIO


def png(width=2, height=3, behind=b""):
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pieces = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_piece(*piece) for piece in pieces) + behind


def _piece(kind, content):
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def jpeg(width=2, height=3, behind=b""):
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    scan = b"\xff\xda\0\x08\1\1\0\0\x3f\0" + b"\x12\xff\0\x34\xff\xd0\x56"
    return b"\xff\xd8\xff\xe0\0\x04ab" + frame + scan + b"\xff\xd9" + behind


def pdf(pages=1, extra=b"", packed=b""):
    objects = [b"%d 0 obj\n<</Type /Page>>\nendobj\n" % number for number in range(1, pages + 1)]
    if packed:
        body = zlib.compress(packed)
        objects.append(b"9 0 obj\n<</Type /ObjStm /Filter /FlateDecode>>\nstream\n" + body)
        objects.append(b"\nendstream\nendobj\n")
    return b"%PDF-1.7\n" + b"".join(objects) + extra + b"\ntrailer <<>>\n%%EOF\n"


def upload(content, name="scan.pdf"):
    """A file as a browser sends it."""
    return (BytesIO(content), name)
