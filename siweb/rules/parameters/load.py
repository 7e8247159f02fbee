"""Load packs from a folder; the shipped ones are demonstration packs."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.read import NATIONAL, Pack, read_pack
from siweb.rules.parameters.row import PackError, Problem

SHIPPED = Path(__file__).parent.parent / "packs"


@lru_cache(maxsize=8)
def load_packs(folder: Path = SHIPPED) -> PackSet:
    """Return the packs of a folder, read once.

    :raises PackError: with everything that is wrong in any of them.
    """
    packs, problems = read_folder(folder)
    if problems:
        raise PackError(problems)
    return PackSet(packs)


def read_folder(folder: Path) -> tuple[list[Pack], list[Problem]]:
    """Return the packs that can be read, and all that is wrong in the others."""
    packs: list[Pack] = []
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for file in sorted(folder.glob("*.toml")):
        pack, wrong = read_pack(file.read_text("utf-8"), file.name)
        problems += wrong
        if pack is None:
            continue
        if pack.region in seen:
            what = f"{pack.region} has a pack already: {seen[pack.region]}"
            problems.append(Problem(file.name, "", "region", what))
            continue
        seen[pack.region] = file.name
        packs.append(pack)
    if not problems and NATIONAL not in seen:
        problems.append(Problem(str(folder.name), "", "region", "no pack for CN, the national one"))
    return packs, problems
