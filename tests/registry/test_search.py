"""The keys of the search follow whatever is written of people and employers."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.collection.corrections.identity.correct import correct_identity
from siweb.collection.corrections.identity.identity import Identity
from siweb.collection.tables.record_correction import IdentityBasis
from siweb.db.sealing.field_keys import end_digest
from siweb.registry.employers.change import change_employer, register_employer
from siweb.registry.insert_people import insert_people
from siweb.registry.merge_keys import add_alias
from siweb.registry.register_person import register_person
from siweb.registry.search.find import found_by
from siweb.registry.search.follow import follow_person, let_region_find
from siweb.registry.search.search_key import SearchKey, SearchKind
from siweb.rules.identifiers.identity_number import parse_identity_number
from siweb.rules.names.search_keys import keys_of_employer, keys_of_name, search_text
from tests import factories
from tests.conftest import NOW

HERE, THERE = "310100", "530000"
BY = {"actor": SYSTEM, "at": NOW}


def found(session, typed, kind=SearchKind.PERSON, regions=(HERE,)):
    return set(session.scalars(found_by(kind, search_text(typed), regions, most=20)))


def by_end(session, end):
    asked = found_by(SearchKind.PERSON_END, end_digest(end), [HERE], most=20, is_whole=True)
    return set(session.scalars(asked))


@pytest.fixture
def person(session):
    factories.make_region(session)
    number = parse_identity_number(factories.make_id_number())
    return register_person(session, number, "单雨", HERE, **BY)


@pytest.mark.parametrize(
    "typed", ["单", "单雨", "shan", "shanyu", "Dàn Yǔ", "chan", "sy", "dy", "cy"]
)
def test_a_name_is_found_in_every_reading(session, person, typed):
    assert found(session, typed) == {person.id}


@pytest.mark.parametrize("typed", ["雨", "yu", "sxy"])
def test_a_name_is_found_from_its_beginning(session, person, typed):
    assert found(session, typed) == set()


def test_names_of_several_words_are_found_by_each():
    keys = keys_of_name("买买提·艾力")

    assert {"买买提艾力", "艾力", "aili", "mmtal"} <= keys
    assert {"johnsmith", "smith"} == keys_of_name("John Smith")


def test_a_rare_character_and_an_umlaut_are_typed_plainly():
    assert "lvbu" in keys_of_name("吕布")
    assert search_text("lübù") == "lvbu"
    assert keys_of_name("𠅤明") == {"𠅤明", "ximing", "xm"}


def test_a_plain_character_is_compared_as_it_is_written():
    """Names of nothing else are not taken apart, and come to the same."""
    other = [char for char in map(chr, range(0x4E00, 0xA000)) if search_text(char) != char]

    assert not other
    # With a mark that nobody compares it is one of the others.
    assert (
        keys_of_name("王小明") == keys_of_name("王小明\u0301") == {"王小明", "wangxiaoming", "wxm"}
    )


def test_many_readings_are_bounded_and_the_family_name_keeps_its_own():
    keys = keys_of_name("单乐行单乐行单乐行")

    assert len(keys) < 60
    assert {key[:4] for key in keys if key[:4] in {"shan", "chan"}} == {"shan", "chan"}


def test_an_employer_is_found_from_within_its_name():
    keys = keys_of_employer("榕城云帆软件有限公司")

    assert {"云帆软件有限公司", "rongchengyunfanruanjianyouxian"} <= keys
    assert any(key.startswith("yunfan") for key in keys)


def test_a_list_of_people_is_found(session):
    factories.make_region(session)
    given = {"id_number": factories.make_id_number(), "name": "曾凡", "sex": "male"}
    columns = factories.make_person(session)
    row = {
        **given, "sex": columns.sex, "born_on": columns.born_on, "region_code": HERE, "deemed_months": 0,
        "retirement_category": columns.retirement_category, "registered_at": NOW,
    }  # fmt: skip
    insert_people(session, [row])

    assert len(found(session, "zengfan")) == len(found(session, "cengfan")) == 1
    assert found(session, "zf") == by_end(session, given["id_number"][-4:])


def test_a_corrected_name_and_number_are_followed(session, person):
    before, number = person.id_number, factories.make_id_number()
    right = replace(Identity.of(person), name="仇雨", number=number)

    correct_identity(session, person.id, right, IdentityBasis.REPLACED, on=NOW.date(), **BY)

    assert found(session, "qiuyu") == {person.id}
    assert found(session, "单") == set()
    # A number that was theirs goes on leading to them.
    assert by_end(session, number[-4:]) == by_end(session, before[-4:]) == {person.id}


def test_joined_registrations_are_one(session, person):
    number = parse_identity_number(factories.make_id_number())
    other = register_person(session, number, "仇雨", HERE, **BY)

    add_alias(session, other.id, person.id, **BY)

    assert found(session, "仇雨") == found(session, "单雨") == {person.id}
    assert by_end(session, number.number[-4:]) == {person.id}


def test_who_is_enrolled_elsewhere_is_found_there(session, person):
    factories.make_region(session, THERE)
    assert found(session, "单雨", regions=[THERE]) == set()

    let_region_find(session, THERE, [person.id])
    let_region_find(session, THERE, [person.id])

    assert found(session, "shanyu", regions=[THERE]) == {person.id}


def test_who_moves_is_found_in_the_new_region(session, person):
    factories.make_region(session, THERE)
    person.region_code = THERE

    follow_person(session, person.id)

    assert found(session, "单雨", regions=[THERE]) == {person.id}
    assert found(session, "单雨") == set()


def test_an_employer_is_followed_through_its_new_name(session):
    made = factories.make_employer(session, region_code=HERE)
    names = (
        "kind", "industry_code", "injury_class", "injury_tier_ppm", "established_on", "region_code",
    )  # fmt: skip
    values = {name: getattr(made, name) for name in names}
    given = values | {"uscc": factories.make_uscc(), "name": "榕城云帆软件有限公司"}
    employer = register_employer(session, given, **BY)
    assert found(session, "云帆", SearchKind.EMPLOYER) == {employer.id}

    change_employer(
        session, employer, {"name": "榕城海风软件有限公司"}, happened_on=NOW.date(), **BY
    )

    assert found(session, "云帆", SearchKind.EMPLOYER) == set()
    assert found(session, "haifeng", SearchKind.EMPLOYER) == {employer.id}


def test_no_number_stands_in_the_table(session, person):
    keys = set(session.scalars(select(SearchKey.key)))

    assert not [key for key in keys if person.id_number[-4:] in key or key in person.id_number]
