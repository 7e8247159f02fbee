"""Prove that nobody rewrote the activity log: each line is in the chain, once and unchanged."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import chain, islice
from typing import Any

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import Session

from siweb.audit.activity import Activity
from siweb.audit.chain.hashing import FIRST, LINE, ChainKeys, plain_hash
from siweb.audit.chain.link import ActivityLink, UnsealedActivity, is_line

_ROWS_AT_A_TIME = 1_000
_LINKS = (
    select(
        ActivityLink.position,
        ActivityLink.activity_id,
        ActivityLink.key_mark,
        ActivityLink.link_hash,
        ActivityLink.sealed_at,
        ActivityLink.hash_form,
        *LINE,
    )
    .outerjoin(Activity, is_line(ActivityLink))
    .order_by(ActivityLink.position)
    .execution_options(yield_per=_ROWS_AT_A_TIME)
)
_OUTSIDE = (
    select(Activity.id)
    .where(
        ~exists().where(is_line(ActivityLink)),
        ~exists().where(is_line(UnsealedActivity)),
    )
    .order_by(Activity.id)
)


def chain_faults(session: Session, keys: ChainKeys, most: int = 50) -> Iterator[str]:
    """Yield a sentence for whatever is wrong with the log: no more than so many of them."""
    return islice(chain(_broken_links(session, keys), _outside(session)), most)


def _broken_links(session: Session, keys: ChainKeys) -> Iterator[str]:
    # Whoever has read enough leaves no cursor open on the server.
    with closing(session.execute(_LINKS)) as links:
        yield from _broken(links, keys)


def _broken(links: Iterable[Row[Any]], keys: ChainKeys) -> Iterator[str]:
    expected, previous, unknown = 1, FIRST, set()
    has_key = True
    for link in links:
        is_next = link.position == expected
        if not is_next:
            yield f"activity: the links {expected} to {link.position - 1} of the chain are gone"
        name = f"activity {link.activity_id}"
        if link.key_mark is None and expected > 1 and has_key:
            yield f"{name}: sealed without the key, after lines that were sealed with it"
        has_key = link.key_mark is not None
        if link.id is None:
            yield f"{name}: deleted after it was sealed"
        elif has_key and link.key_mark not in keys:
            if link.key_mark not in unknown:
                yield f"{name} and more: sealed with the key {link.key_mark}, which is not here"
            unknown.add(link.key_mark)
        elif is_next and link.link_hash != (
            keys.link_hash(
                link.key_mark, previous, link.position, link, link.sealed_at, link.hash_form
            )
            if has_key
            else plain_hash(previous, link)
        ):
            yield f"{name}: not as it was sealed, or not in its place"
        expected, previous = link.position + 1, link.link_hash
    if not has_key:
        yield "activity: the chain of before is under no key yet; run siweb migrate"


def _outside(session: Session) -> Iterator[str]:
    for activity_id in session.scalars(_OUTSIDE):
        yield f"activity {activity_id}: nobody sealed it, and it waits for no seal"
