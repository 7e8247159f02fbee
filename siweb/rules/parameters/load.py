"""Load packs from a folder; the shipped ones are demonstration packs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.read import NATIONAL, Pack, read_pack
from siweb.rules.parameters.row import PackError, Problem, Sentence

SHIPPED = Path(__file__).parent.parent / "packs"


@lru_cache(maxsize=8)
def load_packs(folder: Path = SHIPPED) -> PackSet:
    """Return the packs of a folder, read once; the shipped national pack if it has none.

    :raises PackError: with everything that is wrong in any of them.
    """
    packs, problems = read_folder(folder)
    if problems:
        raise PackError(problems)
    return PackSet(with_national(packs))


def is_shipped(packs: PackSet, region: str) -> bool:
    """Return whether a region's pack is the shipped one, whose figures are a demonstration."""
    return region in packs.packs and packs.packs[region] is load_packs().packs.get(region)


def read_folder(folder: Path) -> tuple[list[Pack], list[Problem]]:
    """Return the packs that can be read, and all that is wrong in the others."""
    files, problems = files_of(folder)
    packs, wrong = read_files(files)
    return packs, [*problems, *wrong]


def files_of(folder: Path) -> tuple[list[Path], list[Problem]]:
    """Return a folder's packs in order, or the problem that there is none."""
    files = sorted(folder.glob("*.toml"))
    if not files:
        return [], [
            Problem(folder.name, "", "", Sentence("there is no pack (*.toml) in this folder"))
        ]
    return files, []


def read_files(files: Iterable[Path]) -> tuple[list[Pack], list[Problem]]:
    """Return the packs that can be read, and all that is wrong in the others."""
    packs: list[Pack] = []
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for file in files:
        pack, wrong = _read_file(file)
        problems += wrong
        if pack is None:
            continue
        if pack.region in seen:
            what = Sentence(
                "%(region)s has a pack already: %(file)s",
                region=pack.region,
                file=seen[pack.region],
            )
            problems.append(Problem(file.name, "", "region", what))
            continue
        seen[pack.region] = file.name
        packs.append(pack)
    return packs, problems


def with_national(packs: Iterable[Pack]) -> list[Pack]:
    """Return the packs with the shipped national one in front if they have none of their own."""
    found = list(packs)
    if any(pack.region == NATIONAL for pack in found):
        return found
    # An office that brings its city's figures alone would stand without deadlines, fines and
    # retirement ages.
    return [load_packs().packs[NATIONAL], *found]


def _read_file(file: Path) -> tuple[Pack | None, list[Problem]]:
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError:
        return None, [Problem(file.name, "", "", Sentence("this is not UTF-8"))]
    except OSError as error:
        # A folder that is called *.toml, or a file that nobody may read.
        return None, [
            Problem(
                file.name, "", "", Sentence("this cannot be read (%(why)s)", why=error.strerror)
            )
        ]
    return read_pack(text, file.name)
