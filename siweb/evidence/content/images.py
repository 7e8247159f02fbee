"""How many pixels an image has, read through to its end: half an image is none."""

import re
import struct
import zlib

from siweb.evidence.scan_refused import ScanRefused

_PNG_BEGINS, _PNG_FRAME = 8, 12
_HEADER_LENGTH = 13
# Where a picture's lines are, a marker is what is neither a stuffed byte nor a restart.
_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")
_START_OF_SCAN, _END = 0xDA, 0xD9
# Start of frame: the markers that say how large a picture is (not DHT, JPG and DAC between them).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def png_pixels(content: bytes) -> tuple[int, int]:
    """Return width and height of a PNG; every piece of it is there and as it was written.

    :raises ScanRefused: "broken".
    """
    sides, place = None, _PNG_BEGINS
    while len(content) - place >= _PNG_FRAME:
        (length,) = struct.unpack_from(">I", content, place)
        end = place + _PNG_FRAME + length
        if end > len(content):
            break
        kind = content[place + 4 : place + 8]
        (noted,) = struct.unpack_from(">I", content, end - 4)
        if zlib.crc32(content[place + 4 : end - 4]) != noted:
            break
        if sides is None:
            if kind != b"IHDR" or length != _HEADER_LENGTH:
                break
            sides = struct.unpack_from(">II", content, place + 8)
        if kind == b"IEND":
            # Something else behind a picture is another file in it.
            if end != len(content):
                break
            return sides
        place = end
    raise ScanRefused("broken")


def jpeg_pixels(content: bytes) -> tuple[int, int]:
    """Return width and height of a JPEG.

    Cameras add pictures behind its end; nobody is shown them.

    :raises ScanRefused: "broken".
    """
    sides, place = None, 2
    try:
        while True:
            found = _MARKER.match(content, place)
            if found is None:
                break
            marker, place = content[found.end() - 1], found.end()
            if marker == _END:
                if sides is None:
                    break
                return sides
            (length,) = struct.unpack_from(">H", content, place)
            if marker in _FRAMES:
                height, width = struct.unpack_from(">HH", content, place + 3)
                sides = (width, height)
            place += max(length, 2)
            if marker == _START_OF_SCAN:
                following = _MARKER.search(content, place)
                if following is None:
                    break
                place = following.start()
    except struct.error:
        pass
    raise ScanRefused("broken")
