"""What the office handed to the tax office, kept as it left: the next list may say otherwise."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import IO, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.staff.duties import Scope
from siweb.auth.tables.account import Account
from siweb.collection.statements.tax_office import due_lines
from siweb.collection.tables.levy_run import TaxOfficeFile
from siweb.files.kept_file import FileKind
from siweb.files.store import FileStore
from siweb.registry.tables.person import Person
from siweb.registry.tables.region import Region
from siweb.rules.parameters.pack_set import PackSet

PAGE = 20


@dataclass(frozen=True, slots=True)
class DueList:
    """What is due of a month as it is now, written out."""

    region_code: str
    month: str
    content: IO[bytes]
    digest: str
    rows: int
    total_fen: int


class ShownFile(NamedTuple):
    """A file that was handed over, and the name of who did so; None for a command by nobody."""

    file: TaxOfficeFile
    region: Region
    made_by: str | None
    person_id: int | None


def write_due(
    session: Session, region_code: str, month: str, content: IO[bytes], *, packs: PackSet
) -> DueList:
    """Write what is due of a month into a file; memory stays small.

    Only read here: a large region's list takes a while, and nobody may be kept from writing.

    :raises ParameterMissing: when the packs do not say who collects.
    """
    # The heading comes as a line, and is no row.
    digest, rows, total_fen = hashlib.sha256(), -1, 0
    for line, fen in due_lines(session, region_code, month, packs=packs):
        written = line.encode()
        digest.update(written)
        content.write(written)
        rows, total_fen = rows + 1, total_fen + fen
    return DueList(region_code, month, content, digest.hexdigest(), rows, total_fen)


def hand_over(
    session: Session, files: FileStore, due: DueList, *, actor: Actor, at: datetime
) -> tuple[TaxOfficeFile, bool]:
    """Keep a list as handed over, and return it and whether it is new; the caller commits.

    A list that says what the month's list said before is the same list: whoever clicks twice, or
    lost the download, gets that one again.
    """
    of_month = [
        TaxOfficeFile.region_code == due.region_code,
        TaxOfficeFile.contribution_month == due.month,
    ]
    # One after the other on PostgreSQL as well: two clicks at once are one list there too. The weak
    # lock, so that rows of the region may be added meanwhile.
    region = select(Region.code).where(Region.code == due.region_code)
    session.execute(region.with_for_update(key_share=True))
    same = session.scalar(
        select(TaxOfficeFile).where(*of_month, TaxOfficeFile.digest == due.digest)
    )
    if same is not None:
        return same, False
    last = session.scalar(select(func.max(TaxOfficeFile.number)).where(*of_month))
    file = TaxOfficeFile(
        region_code=due.region_code,
        contribution_month=due.month,
        number=(last or 0) + 1,
        digest=files.keep(session, FileKind.TAX_OFFICE, due.content, at=at),
        rows=due.rows,
        total_fen=due.total_fen,
        made_at=at,
        made_by_account_id=actor.account_id,
    )
    session.add(file)
    session.flush()
    record_activity(
        session,
        "levy.exported",
        actor=actor,
        at=at,
        subject=("tax_office_file", file.id),
        facts={"rows": file.rows, "total_fen": file.total_fen, "region_code": file.region_code},
    )
    return file, True


def handed_over(session: Session, scope: Scope, *, page: int = 1) -> tuple[list[ShownFile], bool]:
    """Return a page of what was handed over of a scope's regions, the newest first; and if more."""
    found = session.execute(
        select(TaxOfficeFile, Region, Person.name, Person.id)
        .join(Region, Region.code == TaxOfficeFile.region_code)
        .outerjoin(Account, Account.id == TaxOfficeFile.made_by_account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(scope.has(TaxOfficeFile.region_code))
        .order_by(TaxOfficeFile.id.desc())
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    )
    shown = [ShownFile(*row) for row in found]
    return shown[:PAGE], len(shown) > PAGE


def name_of(file: TaxOfficeFile) -> str:
    """Return the name under which a file is saved."""
    return f"levy-{file.region_code}-{file.contribution_month}-{file.number}.csv"
