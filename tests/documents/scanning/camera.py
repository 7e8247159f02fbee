"""A paper before a phone: its code drawn as a printer does, and worn as paper and camera wear it.

Everything is done on grey pixels in plain Python; the drawing itself is that of PDFium.
"""

import math
import random
from dataclasses import dataclass

import pypdfium2

_POINTS = 72
# Where the code stands on an A4 page: 34 mm at the top right, with some paper around it.
_MM = _POINTS / 25.4
_LEFT, _TOP, _SIZE, _AROUND = 210 - 20 - 34, 16, 34, 6


@dataclass(frozen=True)
class Image:
    """Grey pixels, line by line."""

    width: int
    height: int
    pixels: bytes

    def view(self):
        """The pixels as readers take them."""
        return memoryview(self.pixels).cast("B", (self.height, self.width))


def printed(pdf, dpi):
    """The code of a paper's first page, printed and scanned so finely."""
    page = pypdfium2.PdfDocument(pdf)[0]
    width, height = page.get_size()
    left, top = (_LEFT - _AROUND) * _MM, (_TOP - _AROUND) * _MM
    side = (_SIZE + 2 * _AROUND) * _MM
    crop = (left, height - top - side, max(0, width - left - side), top)
    bitmap = page.render(scale=dpi / _POINTS, crop=crop, grayscale=True)
    raw = bytes(bitmap.buffer)
    lines = (
        raw[y * bitmap.stride : y * bitmap.stride + bitmap.width] for y in range(bitmap.height)
    )
    return Image(bitmap.width, bitmap.height, b"".join(lines))


def rotated(image, degrees):
    """The image turned on white ground, each pixel from the four that it comes to lie between."""
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    width, height, pixels = image.width, image.height, image.pixels
    middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
    turned = bytearray(b"\xff" * (width * height))
    for y in range(height):
        from_x = -middle_x * cosine + (y - middle_y) * sine + middle_x
        from_y = middle_x * sine + (y - middle_y) * cosine + middle_y
        for x in range(width):
            at_x, at_y = int(from_x), int(from_y)
            if 0 <= at_x < width - 1 and 0 <= at_y < height - 1:
                right, down = from_x - at_x, from_y - at_y
                at = at_y * width + at_x
                above = pixels[at] * (1 - right) + pixels[at + 1] * right
                below = pixels[at + width] * (1 - right) + pixels[at + width + 1] * right
                turned[y * width + x] = int(above * (1 - down) + below * down)
            from_x += cosine
            from_y -= sine
    return Image(width, height, bytes(turned))


def blurred(image):
    """The image out of focus: each pixel the mean of the nine around it."""
    width, height = image.width, image.height
    lines = [image.pixels[y * width : (y + 1) * width] for y in range(height)]
    mean = bytearray()
    for y in range(height):
        three = zip(lines[max(y - 1, 0)], lines[y], lines[min(y + 1, height - 1)], strict=True)
        sums = [above + here + below for above, here, below in three]
        padded = [sums[0], *sums, sums[-1]]
        mean += bytes((padded[x] + padded[x + 1] + padded[x + 2]) // 9 for x in range(width))
    return Image(width, height, bytes(mean))


def faded(image, dark, light):
    """The image in poor light: black and white no further apart than this."""
    table = bytes(dark + (light - dark) * value // 255 for value in range(256))
    return Image(image.width, image.height, image.pixels.translate(table))


def speckled(image, share, seed):
    """The image with dust: a share of the pixels is black or white, whatever was there."""
    chance = random.Random(seed)
    pixels = bytearray(image.pixels)
    for _ in range(int(len(pixels) * share)):
        pixels[chance.randrange(len(pixels))] = chance.choice((0, 255))
    return Image(image.width, image.height, bytes(pixels))
