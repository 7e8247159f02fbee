"""The list of regions and the office's own table: which goes before, and what is hosted."""

import pytest

from siweb.registry.regions.hosted import hosted_regions
from siweb.registry.regions.load import all_regions, find_region, load_regions, read_regions
from siweb.registry.tables.region import Region


def test_the_list_is_loaded_once_and_hosts_what_is_named(session):
    assert load_regions(session, hosted=["110000", "310000"]) == len(read_regions())
    assert load_regions(session) == 0

    assert [region.code for region in hosted_regions(session)] == ["110000", "310000"]
    assert all_regions(session).keys() == read_regions().keys()


def test_a_region_that_nobody_knows_cannot_be_hosted(session):
    with pytest.raises(KeyError, match="999999"):
        load_regions(session, hosted=["999999"])


def test_what_the_table_says_goes_before_the_list(session):
    listed = read_regions()["110000"]
    assert find_region(session, "110000") == listed
    load_regions(session)
    session.get(Region, "110000").name_en = "Peking"
    session.flush()

    found = find_region(session, "110000")

    assert (found.name_en, found.initials) == ("Peking", listed.initials)
    assert find_region(session, "999999") is None
