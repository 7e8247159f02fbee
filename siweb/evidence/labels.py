"""What is said of scans, and why one is not taken in."""

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from siweb.evidence.scan import Scan
from siweb.evidence.scan_refused import ScanRefused
from siweb.evidence.tables.evidence_file import EvidenceFile, MediaType

REFUSALS = {
    "empty": _l("This file is empty. Choose another one."),
    "too_large": _l("A file may have %(most)s MB at most. Scan it with fewer dots per inch."),
    "unknown_kind": _l("This file is no PDF, JPEG or PNG, whatever it is called."),
    "broken": _l("This file is damaged or cut off. Scan the paper again."),
    "locked": _l("This PDF is locked with a password. Save it without one, or scan the paper."),
    "acts": _l(
        "This PDF has a program, another file or a form in it. Print it, and scan the print."
    ),
    "too_many_pages": _l("A PDF may have %(most)s pages at most. Split it."),
    "too_many_pixels": _l("A picture may have %(most)s million dots at most. Make it smaller."),
    "too_many_files": _l("At most %(most)s files: the first of them are kept."),
    "matter_full": _l("At most %(most)s files belong to one matter: bring the others along."),
    "infected": _l("The virus scanner found something in this file: it was not taken in."),
    "not_scanned": _l(
        "The virus scanner does not answer, so that the file was not taken in. Try again later, "
        "or send the form without it."
    ),
    "gone": _l("A file that was chosen before is not kept any more. Choose it again."),
}
KINDS = {MediaType.PDF: "PDF", MediaType.JPEG: "JPEG", MediaType.PNG: "PNG"}
_KILOBYTE = 1024


def refusal_text(refused: ScanRefused) -> str:
    """Return the sentence for a file that is not taken in."""
    return str(REFUSALS[refused.code] % refused.facts)


def scan_text(scan: Scan | EvidenceFile) -> str:
    """Return what is said of a scan: its kind, its pages, its size."""
    kilobytes = f"{-(-scan.size // _KILOBYTE):,}"
    pages = ngettext("%(num)d page", "%(num)d pages", scan.pages)
    named = {"kind": KINDS[scan.media_type], "pages": pages, "size": kilobytes}
    return str(_("%(kind)s, %(pages)s, %(size)s KB", **named))


def install(app: Flask) -> None:
    """Let templates say what a scan is."""
    app.jinja_env.filters["scan_text"] = scan_text
