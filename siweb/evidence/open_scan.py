"""Hand out a scan: noted before its first byte, and in a view in which nothing runs."""

from flask import Response, abort

from siweb import clock
from siweb.audit.record import record_activity
from siweb.auth.access import actor
from siweb.evidence.find import KIND, OPENED
from siweb.evidence.tables.evidence_file import EvidenceFile, MediaType
from siweb.files.kept_file import FileKind
from siweb.files.store import FileGone
from siweb.web.database import db_session, write_session
from siweb.web.file_store import file_store

_TYPES = {
    MediaType.PDF: "application/pdf",
    MediaType.JPEG: "image/jpeg",
    MediaType.PNG: "image/png",
}
# Nothing in it runs, loads or leads anywhere, and it is of no site's origin.
SANDBOX = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def open_scan(file: EvidenceFile, person_id: int | None) -> Response:
    """Return a scan, noted as opened by the visitor; `person_id` is whose matter it is of.

    A picture is shown; a PDF is saved and opened with a reader of one's own, since browsers show
    none where nothing may run.
    """
    try:
        with file_store().opened(db_session(), FileKind.EVIDENCE, file.digest) as path:
            content = path.read_bytes()
    except FileGone:
        abort(404)
    with write_session() as writer:
        record_activity(
            writer,
            OPENED,
            actor=actor(),
            at=clock.now(),
            subject=(KIND, file.id),
            person_id=person_id,
        )
        writer.commit()
    how = "attachment" if file.media_type is MediaType.PDF else "inline"
    name = f"{file.reference}.{file.media_type.value}"
    return Response(
        content,
        mimetype=_TYPES[file.media_type],
        headers={
            "Content-Disposition": f'{how}; filename="{name}"',
            "Content-Security-Policy": SANDBOX,
        },
    )
