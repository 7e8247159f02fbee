"""Say what a file is, and refuse what nobody could look at or what does something by itself."""

from dataclasses import dataclass

from siweb.evidence.content.images import jpeg_pixels, png_pixels
from siweb.evidence.content.pdf import count_pages
from siweb.evidence.scan_refused import ScanRefused
from siweb.evidence.tables.evidence_file import MediaType

MEBIBYTE = 1 << 20
LARGEST_MEBIBYTES = 10
LARGEST = LARGEST_MEBIBYTES * MEBIBYTE
MOST_PAGES = 100
# A page of A4 in colour at 600 dots per inch has 35 million.
MOST_MEGAPIXELS = 60
_MILLION = 1_000_000
_LONGEST_SIDE = 30_000


@dataclass(frozen=True, slots=True)
class Content:
    """What a file is: its kind, and how many pages it has."""

    media_type: MediaType
    pages: int


def examine(content: bytes) -> Content:
    """Return what a file is.

    :raises ScanRefused: "empty", "too_large", "unknown_kind", "broken", "locked", "acts",
        "too_many_pages", "too_many_pixels".
    """
    if not content:
        raise ScanRefused("empty")
    if len(content) > LARGEST:
        raise ScanRefused("too_large", most=LARGEST_MEBIBYTES)
    # By what is in it: its name and what the browser calls it are the sender's words.
    if content.startswith(b"%PDF-"):
        return Content(MediaType.PDF, _bounded_pages(count_pages(content)))
    if content.startswith(b"\xff\xd8\xff"):
        _require_pixels(jpeg_pixels(content))
        return Content(MediaType.JPEG, 1)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        _require_pixels(png_pixels(content))
        return Content(MediaType.PNG, 1)
    raise ScanRefused("unknown_kind")


def _bounded_pages(pages: int) -> int:
    if pages > MOST_PAGES:
        raise ScanRefused("too_many_pages", most=MOST_PAGES)
    return pages


def _require_pixels(sides: tuple[int, int]) -> None:
    width, height = sides
    if not (width and height):
        raise ScanRefused("broken")
    if max(sides) > _LONGEST_SIDE or width * height > MOST_MEGAPIXELS * _MILLION:
        raise ScanRefused("too_many_pixels", most=MOST_MEGAPIXELS)
