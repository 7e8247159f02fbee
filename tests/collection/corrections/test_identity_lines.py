"""What a correction of an identity says before and after, for its maker, checker and person."""

from datetime import date

import pytest

from siweb.collection.corrections.identity.identity import Identity
from siweb.collection.corrections.identity.shown import (
    changes_between,
    changes_of_kept,
    part_in_words,
    parts_in_words,
    retirement_month,
    touched_by,
)
from siweb.collection.tables.record_correction import IdentityBasis, IdentityCorrection
from siweb.registry.codes import RetirementCategory, Sex
from siweb.rules.parameters.load import load_packs
from tests.factories import make_id_number

BORN = date(1985, 3, 5)
MAN, WOMAN = make_id_number(BORN, serial=7001), make_id_number(BORN, serial=7002)
REPLACED, MISTAKEN = IdentityBasis.REPLACED, IdentityBasis.MISTAKEN
WAS = Identity("张伟", Sex.MALE, BORN, MAN)


@pytest.fixture
def engine(sqlite_engine):
    """The words are the same on either database."""
    return sqlite_engine


@pytest.fixture
def english(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def words(changes):
    return [tuple(map(str, each)) for each in changes]


@pytest.mark.usefixtures("english")
def test_each_part_that_is_another_is_named_and_the_number_as_who_reads_it_may_see_it():
    right = Identity("张炜", Sex.FEMALE, date(1985, 3, 6), WOMAN)

    whole = words(changes_between(WAS, right, is_masked=False))
    masked = words(changes_between(WAS, right, is_masked=True))

    assert [each[0] for each in whole] == ["Name", "Sex", "Born on", "Citizen ID number"]
    assert [each[1:] for each in whole] == [
        ("张伟", "张炜"), ("Male", "Female"), ("5 March 1985", "6 March 1985"), (MAN, WOMAN),
    ]  # fmt: skip
    assert whole[:3] == masked[:3]
    assert MAN not in masked[3][1] and masked[3][1].endswith(MAN[-4:])
    assert words(changes_between(WAS, WAS, is_masked=False)) == []


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("right", "retires", "names"),
    [
        (WAS, ("2048-03", "2048-03"), []),
        (WAS, ("2048-03", "2048-04"), ["Month of retirement"]),
        (WAS, (None, "2048-04"), ["Month of retirement"]),
        (WAS, (None, None), []),
        (
            Identity("张伟", Sex.FEMALE, BORN, MAN), ("2048-03", "2048-03"),
            ["The ID number says otherwise"],
        ),
        (
            Identity("张伟", Sex.MALE, date(1985, 3, 6), MAN), ("2048-03", "2048-03"),
            ["The ID number says otherwise"],
        ),
        (
            Identity("张伟", Sex.FEMALE, BORN, WOMAN), ("2048-03", "2048-03"),
            ["The number so far"],
        ),
        (Identity("张伟", Sex.MALE, BORN, "no number"), (None, None), ["The number so far"]),
    ],
)  # fmt: skip
def test_what_follows_is_told_where_it_follows(right, retires, names):
    found = words(touched_by(WAS, right, MISTAKEN, retires, ()))

    assert [each[0] for each in found] == names
    if names == ["The ID number says otherwise"]:
        assert found[0][2] == "5 March 1985 · Male"


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("basis", "now"),
    [
        (REPLACED, "another one; the earlier one still finds you, also to sign in"),
        (MISTAKEN, "another one; the wrong one finds you no more"),
    ],
)
def test_the_person_reads_each_part_and_no_number(basis, now):
    kept = IdentityCorrection(
        basis=basis, changed=["sex", "number"], was=WAS.as_dict(),
        now=WAS.as_dict() | {"sex": "F", "name": "不变"}, papers=["P1", "P2"],
    )  # fmt: skip

    found = words(changes_of_kept(kept))

    assert [each[1:] for each in found[:2]] == [("Male", "Female"), ("—", now)]
    assert found[2] == ("2 papers no longer hold", "P1, P2", "to be issued anew")
    kept.changed, kept.papers = ["name"], ["P1"]
    assert words(changes_of_kept(kept)) == [
        ("Name", "张伟", "不变"), ("1 paper no longer holds", "P1", "to be issued anew"),
    ]  # fmt: skip
    kept.papers = []
    assert len(list(changes_of_kept(kept))) == 1


@pytest.mark.usefixtures("english")
def test_parts_are_put_into_words():
    assert parts_in_words(["name", "born_on"]) == "Name, Born on"
    assert part_in_words("sex", "F") == "Female"
    assert part_in_words("born_on", "1985-03-05") == "5 March 1985"
    assert part_in_words("name", "1985-03-05") == "1985-03-05"


def test_retirement_is_that_of_the_sex_and_of_a_region_with_a_pack():
    packs, on = load_packs(), date(2026, 11, 24)

    def month(category, region="310000"):
        return retirement_month(packs, region, category, BORN, on)

    men, women = month(RetirementCategory.MALE), month(RetirementCategory.FEMALE_50)
    assert men > women
    assert month(RetirementCategory.MALE, "999999") is None


@pytest.mark.parametrize(
    ("sex", "before", "category"),
    [
        (Sex.MALE, RetirementCategory.FEMALE_55, RetirementCategory.MALE),
        (Sex.FEMALE, RetirementCategory.MALE, RetirementCategory.FEMALE_50),
        (Sex.FEMALE, RetirementCategory.FEMALE_55, RetirementCategory.FEMALE_55),
        (Sex.FEMALE, RetirementCategory.FEMALE_50, RetirementCategory.FEMALE_50),
    ],
)
def test_a_womans_post_is_kept_and_is_else_a_workers(sex, before, category):
    assert Identity("张", sex, BORN, WOMAN).category(before) is category
