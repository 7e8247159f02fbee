"""A picture of a page as a coarse grid of grey, small enough to be kept and to be compared.

The browser makes the picture a fraction of its size, so that little is left to be read here, and
what one machine draws a hair differently from another (the edges of letters) is averaged away.
"""

import base64
import struct
import zlib

PIXELS = 40
"""Of the page, both ways, for one field of the grid."""

# Grey levels that are told apart; the fields of two grids may differ by so many and be alike.
_LEVELS, _ALIKE = 16, 2
# So many fields of a hundred may differ: a caret, a day, a figure that is longer by a digit.
_PART = 2


def grid_of(page):
    """Return the rows of a page's grid, as hexadecimal digits from black to white."""
    width, height = page.evaluate(
        "[innerWidth, Math.ceil(document.documentElement.getBoundingClientRect().height)]"
    )
    view = page.context.new_cdp_session(page)
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1 / PIXELS}
    shot = view.send(
        "Page.captureScreenshot", {"format": "png", "clip": clip, "captureBeyondViewport": True}
    )
    view.detach()
    return ["".join(f"{grey * _LEVELS // 256:x}" for grey in row) for row in _greys(shot["data"])]


def differs(one, other):
    """Tell whether two pages look different, as a person would see at a glance."""
    if abs(len(one) - len(other)) > 1 or len(one[0]) != len(other[0]):
        return True
    fields = [
        abs(int(here, _LEVELS) - int(there, _LEVELS)) > _ALIKE
        for row, beside in zip(one, other, strict=False)
        for here, there in zip(row, beside, strict=True)
    ]
    return sum(fields) * 100 > _PART * len(fields)


def _greys(encoded):
    """Yield the rows of a PNG of eight bits a colour, as greys."""
    png, place, packed = base64.b64decode(encoded), 8, b""
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        content = png[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colours = struct.unpack(">IIBB", content[:10])
            assert depth == 8
            size = {0: 1, 2: 3, 6: 4}[colours]
        elif kind == b"IDAT":
            packed += content
        place += length + 12
    data, stride = zlib.decompress(packed), width * size
    above = bytearray(stride)
    for number in range(height):
        start = number * (stride + 1)
        row = _unfiltered(data[start], bytearray(data[start + 1 : start + 1 + stride]), above, size)
        yield [
            row[pixel] if size == 1 else sum(row[pixel : pixel + 3]) // 3
            for pixel in range(0, stride, size)
        ]
        above = row


def _unfiltered(kind, row, above, size):
    """Undo a row's filter (PNG, chapter 9)."""
    for place in range(len(row)):
        left = row[place - size] if place >= size else 0
        up, corner = above[place], above[place - size] if place >= size else 0
        row[place] = (
            row[place] + (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]
        ) % 256
    return row


def _paeth(left, up, corner):
    guess = left + up - corner
    return min((left, up, corner), key=lambda each: abs(guess - each))
