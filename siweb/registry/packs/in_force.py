"""The parameter packs that this office works by: imported ones before the shipped ones."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from siweb.registry.tables.parameter_pack import ParameterPack
from siweb.rules.parameters.load import load_packs
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.read import read_pack
from siweb.rules.parameters.row import PackError

# Reading packs takes some ten milliseconds, and they change a few times a year.
_KEPT = 16
_read: dict[tuple[tuple[str, str], ...], PackSet] = {}
_last: PackSet | None = None

# Built once: nearly every page asks it.
_IN_FORCE = select(ParameterPack.region, ParameterPack.digest).where(
    ParameterPack.superseded_at.is_(None)
)


def packs_in_force(session: Session, *, at: datetime | None = None) -> PackSet:
    """Return the packs in force now, or those that the office had at hand at an instant.

    A region without an imported pack has its shipped one, which is for demonstration.

    :raises PackError: when an imported pack cannot be read any more.
    """
    found = _IN_FORCE
    if at is not None:
        found = select(ParameterPack.region, ParameterPack.digest).where(
            ParameterPack.imported_at <= at,
            or_(ParameterPack.superseded_at.is_(None), ParameterPack.superseded_at > at),
        )
    global _last  # noqa: PLW0603 - what a process knows of the office's packs
    # Sorted, since rows come in no order: the same packs are one key, and read once.
    digests = tuple(sorted((region, digest) for region, digest in session.execute(found)))
    if not digests:
        packs = load_packs()
    else:
        if digests not in _read:
            if len(_read) >= _KEPT:
                _read.clear()
            _read[digests] = _read_packs(session, dict(digests))
        packs = _read[digests]
    if at is None:
        _last = packs
    return packs


def last_in_force() -> PackSet:
    """Return the packs that this process found in force last, without a database."""
    return _last or load_packs()


def _read_packs(session: Session, digests: Mapping[str, str]) -> PackSet:
    packs = dict(load_packs().packs)
    for region, digest in digests.items():
        content = session.scalars(
            select(ParameterPack.content)
            .where(ParameterPack.region == region, ParameterPack.digest == digest)
            .limit(1)
        ).one()
        pack, problems = read_pack(content, f"{region}.toml")
        if pack is None:
            raise PackError(problems)
        packs[region] = pack
    return PackSet(packs.values())
