"""An office from before the search is found as one whose people were written with it."""

from alembic import command
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from siweb.audit.actor import SYSTEM
from siweb.db.migrate import alembic_config, migrate
from siweb.registry.merge_keys import add_alias
from siweb.registry.search.follow import follow_person, let_find_employers
from siweb.registry.search.search_key import SearchKey
from tests import factories
from tests.conftest import NOW
from tests.migrated import lay_schema


def test_who_was_registered_before_is_found_as_by_the_writers(empty_engine):
    lay_schema(empty_engine)
    with Session(empty_engine) as session:
        here, there = factories.make_person(session, name="单雨"), factories.make_person(session)
        factories.make_region(session, "530000")
        factories.make_enrolment(session, there, region_code="530000")
        former = factories.make_person(session, name="仇雨", region_code="530000")
        factories.make_employer(session, name="榕城云帆软件有限公司")
        add_alias(session, former.id, here.id, actor=SYSTEM, at=NOW)
        session.execute(delete(SearchKey))
        for person_id in (here.id, there.id):
            follow_person(session, person_id)
        let_find_employers(session)
        written = rows(session)
        session.commit()

    command.downgrade(alembic_config(empty_engine), "0079")
    migrate(empty_engine)

    with Session(empty_engine) as session:
        assert rows(session) == written
        assert len(written) > 20


def rows(session):
    columns = (SearchKey.region_code, SearchKey.kind, SearchKey.key, SearchKey.subject_id)
    return sorted(map(tuple, session.execute(select(*columns))))
