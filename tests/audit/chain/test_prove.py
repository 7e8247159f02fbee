"""Whatever is done to a sealed log is named: this is the table in docs/architecture.md, line by line."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from siweb.audit.activity import Activity
from siweb.audit.actor import SYSTEM, Actor, Channel
from siweb.audit.chain.hashing import ChainKeys
from siweb.audit.chain.head import Head, current_head, unlike_heads
from siweb.audit.chain.link import ActivityLink, UnsealedActivity
from siweb.audit.chain.prove import chain_faults
from siweb.audit.chain.seal import seal_lines
from siweb.audit.record import record_activity
from siweb.db.types import OFFICE
from tests.audit.activity_log import AT, KEYS, chained_ids, sealed_lines, write_lines
from tests.factories import make_employer, make_person

LOG = "UPDATE activity SET "
CHAIN = "UPDATE activity_link SET "
UNCHANGED = "not as it was sealed, or not in its place"


@pytest.fixture
def ids(session):
    """Five sealed lines of a log, and nothing that keeps whoever owns the database from it."""
    for statement in (
        ("ALTER TABLE activity_link DROP CONSTRAINT fk_activity_link_line",)
        if session.get_bind().dialect.name == "postgresql"
        else ("PRAGMA defer_foreign_keys=ON",)
    ):
        session.execute(text(statement))
    actor = Actor(7, None, Channel.WEB, on_behalf_of_employer_id=9)
    write_lines(session, 1, 2, 3, actor=actor)
    seal_lines(session, KEYS, at=AT)
    sealed_lines(session, 4, 5)
    return chained_ids(session)


def faults(session, keys=KEYS):
    session.flush()
    session.expire_all()
    return list(chain_faults(session, keys))


@pytest.mark.parametrize(
    "change",
    [
        "at = '2026-11-24 02:00:01+00:00'",
        "account_id = 8",
        "account_id = NULL",
        "person_id = 1",
        "employer_id = NULL",
        "channel = 'api'",
        "action = 'test.undone'",
        "subject_kind = 'u'",
        "subject_id = '4'",
        "facts = '{}'",
    ],
)
def test_a_changed_line_is_named(session, ids, change):
    session.execute(text(f"{LOG}{change} WHERE id = {ids[1]}"))

    assert faults(session) == [f"activity {ids[1]}: {UNCHANGED}"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("key_mark = NULL", "activity {id}: sealed without the key, after lines that were sealed"),
        ("key_mark = '00000000'", "activity {id} and more: sealed with the key 00000000"),
        ("sealed_at = '2026-11-24 02:00:01+00:00'", "activity {id}: " + UNCHANGED),
        ("hash_form = 1", "activity {id}: " + UNCHANGED),
        ("position = 77", "activity: the links 5 to 76 of the chain are gone"),
    ],
)
def test_a_changed_link_is_named(session, ids, change, named):
    session.execute(text(f"{CHAIN}{change} WHERE activity_id = {ids[4]}"))

    assert faults(session)[0].startswith(named.format(id=ids[4]))


def test_a_line_that_is_said_to_be_of_another_region_is_named(session, ids):
    for table, number in (("activity", "id"), ("activity_link", "activity_id")):
        change = f"UPDATE {table} SET region_code = 110000 WHERE {number} = {ids[1]}"
        session.execute(text(change))

    assert faults(session) == [f"activity {ids[1]}: {UNCHANGED}"]


def test_a_line_is_of_its_persons_region_else_of_its_employers_else_of_none(session):
    person = make_person(session, region_code="110000")
    employer = make_employer(session, region_code="310000")
    of_firm = Actor(7, None, Channel.WEB, on_behalf_of_employer_id=employer.id)
    for actor, person_id in ((of_firm, person.id), (of_firm, None), (SYSTEM, None)):
        record_activity(
            session, "test.done", actor=actor, at=AT, subject=("t", 1), person_id=person_id
        )

    lines = session.scalars(select(Activity.region_code).order_by(Activity.id.desc()).limit(3))
    assert list(lines) == [OFFICE, "310000", "110000"]


def test_a_hash_that_was_put_there_is_named_with_what_follows(session, ids):
    session.execute(
        update(ActivityLink).where(ActivityLink.position == 2).values(link_hash=bytes(32))
    )

    assert faults(session) == [f"activity {one}: {UNCHANGED}" for one in ids[1:3]]


def test_hashes_that_changed_places_are_named(session, ids):
    second, third = (
        session.scalar(select(ActivityLink.link_hash).where(ActivityLink.position == position))
        for position in (2, 3)
    )
    for position, link_hash in ((2, third), (3, second)):
        session.execute(
            update(ActivityLink)
            .where(ActivityLink.position == position)
            .values(link_hash=link_hash)
        )

    assert faults(session) == [f"activity {one}: {UNCHANGED}" for one in ids[1:4]]


def test_a_deleted_line_is_named(session, ids):
    session.execute(text(f"DELETE FROM activity WHERE id = {ids[1]}"))

    assert faults(session) == [f"activity {ids[1]}: deleted after it was sealed"]


def test_a_line_deleted_with_its_link_is_named(session, ids):
    session.execute(text("DELETE FROM activity_link WHERE position IN (2, 3)"))
    session.execute(text(f"DELETE FROM activity WHERE id IN ({ids[1]}, {ids[2]})"))

    assert faults(session) == ["activity: the links 2 to 3 of the chain are gone"]


def test_a_chain_closed_up_over_a_deleted_line_is_named(session, ids):
    session.execute(text("DELETE FROM activity_link WHERE position = 2"))
    session.execute(text(f"DELETE FROM activity WHERE id = {ids[1]}"))
    for position in (3, 4, 5):
        session.execute(text(f"{CHAIN}position = {position - 1} WHERE position = {position}"))

    assert faults(session) == [f"activity {one}: {UNCHANGED}" for one in ids[2:]]


def test_a_line_that_was_put_in_is_named(session, ids):
    session.add(
        Activity(at=AT, channel="web", action="t", subject_kind="t", subject_id="1", facts={})
    )
    session.flush()
    new = session.scalar(select(Activity.id).order_by(Activity.id.desc()).limit(1))

    assert faults(session) == [f"activity {new}: nobody sealed it, and it waits for no seal"]


def test_a_line_whose_link_was_taken_away_is_named(session, ids):
    session.execute(text("DELETE FROM activity_link WHERE position = 5"))

    assert faults(session) == [f"activity {ids[4]}: nobody sealed it, and it waits for no seal"]


def test_lines_that_changed_places_are_named(session, ids):
    for old, new in ((ids[1], -1), (ids[2], ids[1])):
        link = session.scalars(select(ActivityLink).where(ActivityLink.activity_id == old)).one()
        if new < 0:
            moved = link
            session.delete(link)
            session.flush()
            continue
        link.activity_id = new
        session.flush()
    session.add(
        ActivityLink(
            position=2,
            activity_id=ids[2],
            region_code=moved.region_code,
            hash_form=moved.hash_form,
            key_mark=moved.key_mark,
            link_hash=moved.link_hash,
            sealed_at=moved.sealed_at,
        )
    )

    assert faults(session) == [f"activity {one}: {UNCHANGED}" for one in (ids[2], ids[1])]


def test_a_log_chained_anew_without_the_key_is_named(session, ids):
    session.execute(text("DELETE FROM activity_link"))
    session.execute(text(f"{LOG}subject_id = 'x' WHERE id = {ids[0]}"))
    put_all_to_wait(session, ids)
    forger = ChainKeys([b"guessed"])
    seal_lines(session, forger, at=AT)
    session.execute(text(f"{CHAIN}key_mark = '{KEYS.mark}'"))

    assert len(faults(session)) == len(ids)


def test_a_log_chained_anew_by_the_plain_hash_of_before_is_named(session, ids):
    session.execute(text(f"{CHAIN}key_mark = NULL"))

    assert "under no key yet" in faults(session)[-1]


def put_all_to_wait(session, ids):
    session.add_all(
        UnsealedActivity(activity_id=one, region_code=OFFICE, written_at=AT) for one in ids
    )
    session.flush()
    session.expire_all()


def rewrite(session, ids):
    session.execute(text("DELETE FROM activity_link"))
    session.execute(text(f"{LOG}subject_id = 'x' WHERE id = {ids[0]}"))
    put_all_to_wait(session, ids)
    # By whoever has the key as well, or by the office's own sealer that was given it to do.
    seal_lines(session, KEYS, at=AT + timedelta(hours=1))


def cut(session, ids):
    session.execute(text("DELETE FROM activity_link WHERE position > 3"))
    session.execute(text(f"DELETE FROM activity WHERE id IN ({ids[3]}, {ids[4]})"))


def empty(session, _ids):
    session.execute(text("DELETE FROM activity_link"))
    session.execute(text("DELETE FROM activity"))


@pytest.mark.parametrize(
    ("attack", "named"),
    [
        (cut, "is not there: the log ends at 3"),
        (empty, "is not there: the log is empty"),
        (rewrite, "is another now: the log was made anew"),
    ],
)
def test_what_leaves_a_whole_chain_is_named_by_the_head_that_was_noted(session, ids, attack, named):
    noted = Head.read(f"2026-11-24 {current_head(session)}")
    attack(session, ids)

    assert faults(session) == []
    (said,) = unlike_heads(session, [noted])
    assert said == f"activity: the head {noted} noted on 2026-11-24 {named}"


def test_a_log_that_was_cut_and_goes_on_is_named_by_the_noted_head(session, ids):
    noted = current_head(session)
    cut(session, ids)
    sealed_lines(session, 6, 7, 8)

    assert faults(session) == []
    (said,) = unlike_heads(session, [noted])
    assert said == f"activity: the head {noted} is another now: the log was made anew"


def test_heads_of_an_untouched_log_stay_in_it(session, ids):
    noted = current_head(session)
    sealed_lines(session, 6)

    assert unlike_heads(session, [noted, current_head(session)]) == []


def test_no_more_than_a_page_of_faults_is_said(session, ids):
    session.execute(text(f"{LOG}action = 'x'"))

    assert len(list(chain_faults(session, KEYS, most=3))) == 3
