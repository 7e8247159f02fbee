"""Take a list from another office's program: into the same file, under the same eyes as any list.

What a program hears is about its own cells alone. Whether somebody is registered or draws a benefit
is nobody else's business, so that neither a row nor a count says it: a list of one would ask it.
"""

import csv
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.auth.office_tokens import OfficeBearer
from siweb.bring_in.problem import Problem
from siweb.bring_in.read_rows import read_portions
from siweb.files.store import FileStore
from siweb.reviews.tables.sign import SignList
from siweb.signs.columns import COLUMNS, places_of
from siweb.signs.hand_in import hand_in
from siweb.signs.match import refuse_days_out_of_life

_NAMES = tuple(column.name for column in COLUMNS)
# One row of headings, and every column in the order of its description: nobody has to name them.
LAYOUT: Mapping[str, Any] = {
    "heading_row": 1,
    "columns": {name: place for place, name in enumerate(_NAMES)},
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a list: kept, or only tried; how many rows, and what is wrong with which."""

    listed: SignList | None
    rows: int
    problems: Sequence[Problem]

    @property
    def readable(self) -> int:
        """How many rows have nothing wrong."""
        return self.rows - len({problem.row for problem in self.problems})


def send_by_program(
    session: Session,
    files: FileStore,
    bearer: OfficeBearer,
    rows: Sequence[Mapping[str, str]],
    *,
    keeps: bool,
    on: date,
    at: datetime,
) -> Sent:
    """Read a list that a program sent, and keep it for the desk if `keeps` and a row can be read.

    The same rows again are the same list: a program that lost its key sends nobody's death twice.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = _written(Path(folder) / "list.csv", rows)
        problems = _problems(file, on)
        tried = Sent(None, len(rows), problems)
        if not keeps or not tried.readable:
            return tried
        earlier = session.scalar(
            select(SignList).where(
                SignList.api_token_id == bearer.token_id,
                SignList.file_digest == sha256(file.read_bytes()).hexdigest(),
            )
        )
        if earlier is not None:
            return Sent(earlier, len(rows), problems)
        with file.open("rb") as source:
            listed = hand_in(
                session,
                files,
                source,
                file_name=f"{bearer.office} {on.isoformat()}.csv",
                region_code=bearer.region_code,
                office=bearer.office,
                kind=None,
                actor=bearer.as_actor(),
                token_id=bearer.token_id,
                at=at,
            )
    listed.layout = dict(LAYOUT)
    listed.rows = len(rows)
    return Sent(listed, len(rows), problems)


def list_of_program(session: Session, bearer: OfficeBearer, list_id: int) -> SignList | None:
    """Return a list that this token sent."""
    return session.scalar(
        select(SignList).where(SignList.id == list_id, SignList.api_token_id == bearer.token_id)
    )


def _written(file: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(_NAMES)
        writer.writerows([row.get(name, "") for name in _NAMES] for row in rows)
    return file


def _problems(file: Path, on: date) -> list[Problem]:
    """Return what is wrong with cells, by the reader of every list; rows count from 1."""
    found = []
    for portion in read_portions(file, COLUMNS, places_of(LAYOUT)):
        refuse_days_out_of_life(portion, on)
        found += [
            # The headings are the first line of the file and none of what was sent.
            Problem(row.number - 1, each.column, each.code, each.facts)
            for row in portion
            for each in row.problems
        ]
    return found
