"""The guides in the product: every desk page leads to its own, in the reader's language."""

import gzip

import pytest

from siweb.portal.guide.markdown import headings_of, read_guide
from siweb.portal.guide.places import PLACES, address_of
from tests.portal.guide.guide_files import NAMES, text_of


@pytest.fixture(scope="module")
def anchors():
    return {
        f"{audience}/{page}": headings_of(text_of("en", audience, page)) for audience, page in NAMES
    }


def desk_endpoints(office):
    return {rule.endpoint for rule in office.url_map.iter_rules() if rule.rule.startswith("/desk")}


def test_every_route_of_the_desk_has_a_guide_and_a_place_in_it(client, anchors):
    endpoints = desk_endpoints(client.application)

    assert len(endpoints) > 100
    missing = {
        endpoint
        for endpoint in endpoints
        if not {endpoint, endpoint.partition(".")[0]} & PLACES.keys()
    }
    assert not missing, "say in siweb/portal/guide/places.py where their guide is"


def test_every_place_is_there_and_belongs_to_a_route(client, anchors):
    routes = {rule.endpoint for rule in client.application.url_map.iter_rules()}
    rooms = {endpoint.partition(".")[0] for endpoint in routes}

    assert PLACES.keys() <= routes | rooms
    for place in PLACES.values():
        page, _hash, heading = place.partition("#")
        if not page.startswith("citizen/"):
            assert not heading or heading in anchors[page], place


def test_an_employers_page_and_a_citizens_lead_to_theirs(client):
    with client.application.test_request_context("/"):
        assert address_of("uploads.show_kinds") == "/guide/employer/sheets#a-list"
        assert address_of("base_review.show_review") == "/guide/employer/sheets#a-list"
        assert address_of("reviews.show_due") == "/guides/annual-review"
        assert address_of("ledgers.show_years") == "/guides/who-pays-and-when-benefits-come"
        assert address_of("helping.give") == "/guides/helping-each-other"
        assert address_of("share_codes.make") == "/privacy"
        assert address_of("portal.show_home") == "/guides/"
        assert address_of("") == "/guides/"


def test_a_guide_is_read_in_the_readers_language(client):
    chinese, english = (
        client.get("/guide/clerk/month", headers={"Accept-Language": language}).text
        for language in ("zh-CN", "en")
    )

    assert "<h1>经办人员的一个月</h1>" in chinese
    assert '<h2 id="levy">核定</h2>' in chinese
    assert '<h2 id="levy">Levy</h2>' in english


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_guide_is_light(client, language):
    for audience, page in NAMES:
        answer = client.get(f"/guide/{audience}/{page}", headers={"Accept-Language": language})
        assert answer.status_code == 200
        assert len(gzip.compress(answer.data)) <= 8 * 1024, (audience, page)


@pytest.mark.parametrize("address", ["/guide/clerk/sheets", "/guide/nobody/day", "/guide/clerk"])
def test_what_is_no_guide_is_not_there(client, address):
    assert client.get(address).status_code == 404


def test_chinese_goes_on_without_a_space_where_a_line_of_its_file_ends():
    guide = read_guide("# 题\n\n一行，\n又一行 a\nb\n", "# Title\n", "clerk")

    assert "一行，又一行 a\nb" in guide.body


def test_nothing_of_a_file_is_taken_as_html():
    guide = read_guide(
        "# A <b>title</b>\n\n<script>1</script> ![shot](../../x.webp) [out](https://example.org/) "
        "[day](day.md) [code](../../api.md)\n",
        "# Title\n",
        "clerk",
    )

    assert "<script>" not in guide.body
    assert "&lt;script&gt;" in guide.body
    assert "<img" not in guide.body
    assert "example.org" not in guide.body
    assert '<a href="../clerk/day">day</a>' in guide.body
