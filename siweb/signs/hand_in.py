"""Keep another office's list as it came; what its columns are is said next."""

from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.files.kept_file import FileKind
from siweb.files.store import FileStore
from siweb.reviews.tables.sign import SignKind, SignList
from siweb.signs.take_in import note_list


def hand_in(
    session: Session,
    files: FileStore,
    source: IO[bytes],
    *,
    file_name: str,
    region_code: str,
    office: str,
    kind: SignKind | None,
    actor: Actor,
    at: datetime,
    token_id: int | None = None,
) -> SignList:
    """Keep a list; `kind` is what every row is, where it has no column for it.

    `token_id` is that of the other office's program, where nobody at the desk hands it in.
    """
    listed = SignList(
        region_code=region_code,
        source=office,
        file_name=Path(file_name).name[-200:] or "list",
        file_digest=files.keep(session, FileKind.SIGNS, source, at=at),
        kind=kind,
        layout={},
        handed_in_at=at,
        handed_in_by_account_id=actor.account_id,
        api_token_id=token_id,
    )
    session.add(listed)
    session.flush()
    note_list(session, listed, "sign_list.handed_in", actor=actor, at=at)
    return listed
