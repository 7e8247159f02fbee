"""A file is what its content says, whatever it is called; what nobody could look at is refused."""

import pytest

from siweb.evidence.content.examine import LARGEST, MOST_PAGES, examine
from siweb.evidence.scan_refused import ScanRefused
from siweb.evidence.tables.evidence_file import MediaType
from tests.evidence.scans import jpeg, pdf, png

PAGE = b"<</Type/Page>>"


@pytest.mark.parametrize(
    ("content", "media_type", "pages"),
    [
        (pdf(), MediaType.PDF, 1),
        (pdf(MOST_PAGES), MediaType.PDF, MOST_PAGES),
        (pdf(0, packed=PAGE * 3), MediaType.PDF, 3),
        (pdf(1, extra=b"<</Type /Pages /Kids []>>"), MediaType.PDF, 1),
        (pdf(1, extra=b"stream\n/JavaScript\nendstream"), MediaType.PDF, 1),
        (png(), MediaType.PNG, 1),
        (png(10_000, 6_000), MediaType.PNG, 1),
        (jpeg(), MediaType.JPEG, 1),
        (jpeg(behind=b"another picture"), MediaType.JPEG, 1),
    ],
)
def test_what_a_scanner_makes_is_taken_in(content, media_type, pages):
    found = examine(content)

    assert (found.media_type, found.pages) == (media_type, pages)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (pdf(1, extra=b" " * LARGEST), "too_large"),
        (b"<html><script>alert(1)</script>", "unknown_kind"),
        (b"GIF89a", "unknown_kind"),
        (b"PK\3\4" + pdf(), "unknown_kind"),
        (pdf()[:-8], "broken"),
        (pdf(0), "broken"),
        (pdf(1, packed=b"x").replace(b"\x78\x9c", b"\0\0"), "broken"),
        (pdf(1, extra=b"<</Encrypt 5 0 R>>"), "locked"),
        (pdf(1, extra=b"<</OpenAction <</S /JavaScript>>>>"), "acts"),
        (pdf(1, extra=b"<</S /J#61vaScript>>"), "acts"),
        (pdf(1, packed=b"<</JS (app.alert)>>"), "acts"),
        (pdf(1, extra=b"<</EmbeddedFiles 3 0 R>>"), "acts"),
        (pdf(MOST_PAGES + 1), "too_many_pages"),
        (png()[:-5], "broken"),
        (png().replace(b"IDAT", b"IDAX"), "broken"),
        (png(behind=b"<script>"), "broken"),
        (png(0, 5), "broken"),
        (png(10_000, 6_001), "too_many_pixels"),
        (png(30_001, 1), "too_many_pixels"),
        (jpeg()[:-2], "broken"),
        (jpeg()[:12], "broken"),
        (jpeg(9_000, 9_000), "too_many_pixels"),
    ],
)
def test_what_is_none_is_refused_with_its_reason(content, code):
    with pytest.raises(ScanRefused) as refused:
        examine(content)

    assert refused.value.code == code


def test_a_list_that_unpacks_to_more_than_a_form_may_have_is_cut_off():
    """A megabyte of nothing in a kilobyte, two hundred times: it is not all unpacked."""
    bomb = pdf(1, packed=b"\0" * (48 << 20))

    assert examine(bomb).pages == 1
