"""Write a copy: one archive with the data, their shape, a page to read, and the scans.

Rows pass through one by one, so that a copy of forty years takes no more memory than one of a day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from flask_babel import gettext as _
from sqlalchemy import select, union
from sqlalchemy.orm import Session

from siweb.audit.access_log.store import AccessLog
from siweb.auth.tables.account import Account
from siweb.data_copies.page import Page
from siweb.data_copies.part import Part, Whose, keys_within, rows_of
from siweb.data_copies.parts import ACCESS_LOG, PARTS
from siweb.data_copies.shape import FORMAT, shape
from siweb.data_copies.values import Names, plain
from siweb.db.among import among
from siweb.db.json_text import json_text
from siweb.evidence.tables.evidence_file import EvidenceFile
from siweb.files.kept_file import FileKind
from siweb.files.store import FileGone, FileStore
from siweb.registry.person_keys import all_keys
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.registry.tables.region import Region
from siweb.reviews.labels import KINDS
from siweb.reviews.tables.campaign import Campaign
from siweb.web.language.labels import region_name

# Rows that a database hands over at once.
_ROWS = 200


@dataclass(frozen=True, slots=True)
class Sources:
    """Where what is kept about people lies: the tables, the log of looks, the files."""

    session: Session
    log: AccessLog
    files: FileStore


def write_copy(sources: Sources, person_id: int, *, office: str, at: datetime) -> IO[bytes]:
    """Return an open file with all that is kept about a person; whoever gets it closes it."""
    session = sources.session
    whose = _whose(session, person_id)
    names = Names(_employers(session, whose), _region_names(session), _campaign_names(session))
    name = session.scalars(select(Person.name).where(Person.id == whose.people[0])).one()
    # Without a name: nobody else may open them, and both are gone with this process.
    target = TemporaryFile()  # noqa: SIM115 - whoever gets it closes it
    try:
        with TemporaryFile("w+", encoding="utf-8") as draft:
            page = Page(draft, name=name, office=office, at=at)
            _write(target, draft, page, sources, whose, names)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return target


def _write(
    target: IO[bytes], draft: IO[str], page: Page, sources: Sources, whose: Whose, names: Names
) -> None:
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        with archive.open("data.json", "w") as data:
            head = {"format": FORMAT, "made_at": page.at.isoformat(), "office": page.office}
            data.write(json_text(head)[:-1].encode())
            data.write(f',"employers":{json_text(names.employers)},"parts":{{'.encode())
            for number, part in enumerate((*PARTS.values(), ACCESS_LOG)):
                data.write(f'{"," if number else ""}"{part.name}":['.encode())
                _write_rows(data, page, part, _rows(sources, part, whose), whose, names)
                data.write(b"]")
            data.write(b"}}")
        page.end()
        archive.writestr("shape.json", json_text(shape()))
        draft.seek(0)
        with archive.open(_("read-me.html"), "w") as readable:
            while piece := draft.read(1 << 16):
                readable.write(piece.encode())
        _write_scans(archive, sources, whose)


def _write_rows(
    data: IO[bytes], page: Page, part: Part, rows: Iterator[Any], whose: Whose, names: Names
) -> None:
    columns = part.columns
    page.begin(part)
    for number, row in enumerate(rows):
        values = {
            column.name: plain(column, value, whose)
            for column, value in zip(columns, row, strict=True)
        }
        data.write(("," if number else "").encode() + json_text(values).encode())
        page.add(part, row, names)
    page.close()


def _rows(sources: Sources, part: Part, whose: Whose) -> Iterator[Any]:
    if part is not ACCESS_LOG:
        found = sources.session.execute(
            rows_of(part, PARTS, whose), execution_options={"yield_per": _ROWS}
        )
        yield from found
        return
    # On SQLite the log is a file of its own.
    asked = rows_of(part, {ACCESS_LOG.name: ACCESS_LOG}, whose)
    with sources.log.session() as log:
        yield from log.execute(asked, execution_options={"yield_per": _ROWS})


def _write_scans(archive: ZipFile, sources: Sources, whose: Whose) -> None:
    table = EvidenceFile.__table__.c
    asked = keys_within(
        PARTS["evidence_file"], PARTS, whose, [table.reference, table.digest, table.media_type]
    )
    for reference, digest, media_type in sources.session.execute(asked).all():
        name = f"scans/{reference}.{media_type.value}"
        try:
            with sources.files.opened(sources.session, FileKind.EVIDENCE, digest) as path:
                archive.write(path, name)
        except FileGone:
            # Said rather than left out: nobody could tell it from a scan that never was.
            archive.writestr(f"{name}.txt", str(_("The office no longer has this scan.")))


def _whose(session: Session, person_id: int) -> Whose:
    # The registration that stands comes first: its name is on the page.
    keys = [person_id, *(key for key in all_keys(session, person_id) if key != person_id)]
    accounts = session.scalars(select(Account.id).where(among(Account.person_id, keys))).all()
    return Whose(keys, accounts)


def _employers(session: Session, whose: Whose) -> Mapping[int, str]:
    """Return the names of all employers that the parts name; one statement."""
    asked = [
        keys_within(part, PARTS, whose, [column])
        for part in PARTS.values()
        for column in part.columns
        if any(key.column.table is Employer.__table__ for key in column.foreign_keys)
    ]
    found = select(Employer.id, Employer.name).where(Employer.id.in_(union(*asked)))
    return {row.id: row.name for row in session.execute(found)}


def _region_names(session: Session) -> dict[str, str]:
    return {region.code: region_name(region) for region in session.scalars(select(Region))}


def _campaign_names(session: Session) -> dict[int, str]:
    """Return what a case was about and of which year, for all campaigns: there are few a year."""
    found = session.execute(select(Campaign.id, Campaign.kind, Campaign.year))
    return {row.id: f"{KINDS[row.kind]} {row.year}" for row in found}
