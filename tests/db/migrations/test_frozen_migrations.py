"""A migration that offices have run never changes: they would have another schema than new ones."""

from hashlib import sha256
from pathlib import Path

from siweb.db.migrate import SCRIPTS

VERSIONS = SCRIPTS / "versions"
DIGESTS = Path(__file__).with_name("frozen_migrations.txt")
# From this number on migrations may still change, since no office has run them. Once they are
# released the number goes up, and they join the list: `sha256sum 00??_*.py` in their folder.
OPEN_FROM = "0092"


def frozen():
    """Return the digest of every migration that may not change any more, by file."""
    lines = DIGESTS.read_text("utf-8").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def test_no_migration_changes_that_offices_have_run():
    changed = [
        f"{name} was changed, but offices have run it as it was and will not run it again: put it"
        " back, and write what is to change as a new migration (siweb db revision NAME)"
        for name, digest in frozen().items()
        if not (VERSIONS / name).is_file()
        or sha256((VERSIONS / name).read_bytes()).hexdigest() != digest
    ]

    assert not changed


def test_the_list_has_every_migration_but_those_still_open():
    landed = {path.name for path in VERSIONS.glob("*.py") if path.name[:4] < OPEN_FROM}

    assert landed == set(frozen()), f"list it in {DIGESTS.name} with its digest"
