"""Ask for what begins as it is typed: for each region a piece of the index, in its order."""

from collections.abc import Collection

from sqlalchemy import Select, select, union_all

from siweb.registry.search.search_key import SearchKey, SearchKind

# Comes after every letter.
_LAST = "\U0010ffff"
# One person has several keys that begin alike.
_KEYS_OF_ONE = 4


def found_by(
    kind: SearchKind, typed: str, regions: Collection[str], *, most: int, is_whole: bool = False
) -> Select[int]:
    """Return the question for subjects with a key that begins so, or that is so: by region and key.

    At most a few times `most`, whatever a region holds; some come more than once.
    """
    is_it = (
        (SearchKey.key == typed,)
        if is_whole
        else (SearchKey.key >= typed, SearchKey.key < typed + _LAST)
    )
    pieces = (
        select(SearchKey.key, SearchKey.subject_id)
        .where(SearchKey.region_code == region, SearchKey.kind == kind, *is_it)
        .order_by(SearchKey.key, SearchKey.subject_id)
        .limit(most * _KEYS_OF_ONE)
        .subquery()
        for region in sorted(regions)
    )
    rows = union_all(*(select(piece.c.key, piece.c.subject_id) for piece in pieces)).subquery()
    return select(rows.c.subject_id.label("subject_id"), rows.c.key.label("key"))
