"""The job that reads a filer's sheet, a portion at a time."""

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from siweb import clock
from siweb.db.claim import let_others_write
from siweb.db.statistics import collect_after
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.files.kept_file import FileKind
from siweb.filings.drafts.import_sheet import codes_of, finish_reading, read_portions, upload_of
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow
from siweb.jobs.context import JobContext
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.parameters.pack_set import PackSet


def read_sheet(context: JobContext) -> None:
    """Read and check a sheet; reading that was killed goes on behind the last portion."""
    with context.sessions() as session:
        filing = session.get_one(Filing, int(context.job.arguments["filing_id"]))
        if filing.read_at is not None:
            return
        on, packs = clock.today(), packs_in_force(session)
        with context.files.opened(session, FileKind.SHEET, upload_of(filing)) as file:
            session.commit()
            # `report` writes by a session of its own, and SQLite has one writer: this one is
            # ended before.
            context.report("reading")
            refusal = _read_all(context, session, filing, file, packs, on)
        finish_reading(session, filing, packs=packs, at=clock.now(), refused=refusal)
        session.commit()
        read = sum(codes_of(filing).get(state, 0) for state in ("good", "refused"))
        collect_after(session, read, FilingRow)
        session.commit()


def _read_all(
    context: JobContext, session: Session, filing: Filing, file: Path, packs: PackSet, on: date
) -> SheetRefused | None:
    """Read portion by portion; return why the rest cannot be read, if so."""
    try:
        for _rows in read_portions(session, filing, file, packs=packs, on=on):
            counts = codes_of(filing)
            session.commit()
            # On SQLite whoever waits to write would else find the next portion begun each time.
            let_others_write(session)
            refused = counts.get("refused", 0)
            context.report("reading", counts.get("good", 0) + refused, refused=refused)
    except SheetRefused as error:
        session.rollback()
        return error
    return None
