"""Put parameter packs in force, keeping every earlier version."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.registry.tables.parameter_pack import ParameterPack
from siweb.rules.errors import Refusal
from siweb.rules.parameters.compare import RowChange, compare_rows
from siweb.rules.parameters.read import Pack, read_pack
from siweb.rules.parameters.row import Row


class HistoryRefused(Refusal):
    """When a pack changes or drops rows that were in force here, instead of adding to them.

    `facts` name the `region` and its `changes`, each a `RowChange`.
    """


@dataclass(frozen=True, slots=True)
class PackImport:
    """What an import did for one region; `pack_id` is None when the same text was in force."""

    region: str
    pack_id: int | None
    changes: list[RowChange]


def import_packs(
    session: Session,
    packs: Iterable[Pack],
    *,
    actor: Actor,
    at: datetime,
    rewrite: bool = False,
) -> list[PackImport]:
    """Put checked packs in force from `at` on; the same text twice changes nothing.

    Nothing that was billed changes: bills keep the figures they were made with, and the new rows
    make adjustments computable.

    :raises HistoryRefused: unless `rewrite` allows it, since a month must be computable again
        as it was known; a correction is a row of its own with its own day of publication.
    """
    return [_import_pack(session, pack, actor, at, rewrite=rewrite) for pack in packs]


def pack_in_force(session: Session, region: str) -> ParameterPack | None:
    """Return what was imported last for a region, None while the shipped pack holds."""
    return session.scalar(
        select(ParameterPack).where(
            ParameterPack.region == region, ParameterPack.superseded_at.is_(None)
        )
    )


def changes_of(session: Session, pack: Pack) -> list[RowChange]:
    """Return what a pack says otherwise than the imported one that is in force."""
    return compare_rows(_rows_of(pack_in_force(session, pack.region)), pack.rows)


def digest_of(text: str) -> str:
    """Return by what the same text is known again."""
    return hashlib.sha256(text.encode()).hexdigest()


def _import_pack(
    session: Session, pack: Pack, actor: Actor, at: datetime, *, rewrite: bool
) -> PackImport:
    digest = digest_of(pack.text)
    current = pack_in_force(session, pack.region)
    if current is not None and current.digest == digest:
        return PackImport(pack.region, None, [])
    changes = compare_rows(_rows_of(current), pack.rows)
    rewritten = [change for change in changes if change.rewrites]
    if rewritten and not rewrite:
        raise HistoryRefused("history_rewritten", region=pack.region, changes=rewritten)
    if current is not None:
        # Written first: a region has one pack in force,
        # and the index would refuse the new one beside it.
        current.superseded_at = at
        session.flush()
    imported = ParameterPack(
        region=pack.region,
        digest=digest,
        content=pack.text,
        imported_at=at,
        imported_by_account_id=actor.account_id,
    )
    session.add(imported)
    session.flush()
    subject = ("parameter_pack", imported.id)
    counts = {"added": len(changes) - len(rewritten), "rewritten": len(rewritten)}
    facts = {"region": pack.region, "digest": digest, **counts}
    record_activity(
        session, "parameter_pack.imported", actor=actor, at=at, subject=subject, facts=facts
    )
    return PackImport(pack.region, imported.id, changes)


def _rows_of(current: ParameterPack | None) -> tuple[Row, ...]:
    if current is None:
        return ()
    pack, _problems = read_pack(current.content, f"{current.region}.toml")
    return () if pack is None else pack.rows
