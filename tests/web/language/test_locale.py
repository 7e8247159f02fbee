"""Language and type size: one tap, remembered, and the place is kept."""

import pytest


def test_chinese_is_the_language_of_who_asks_for_none(office):
    page = office.test_client().get("/").text

    assert '<html lang="zh-Hans"' in page
    assert "社会保险" in page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("en-GB,en;q=0.9", "en"), ("zh-TW,zh;q=0.9,en;q=0.5", "zh-Hans"), ("fr-FR", "zh-Hans")],
)
def test_the_browsers_wish_is_followed(visitor, asked, shown):
    page = visitor.get("/", headers={"Accept-Language": asked}).text

    assert f'<html lang="{shown}"' in page


def test_a_choice_of_language_returns_to_the_place_and_lasts(visitor):
    answer = visitor.get("/preferences/language/zh_Hans?next=/city-services?category%3Dhall")
    page = visitor.get(answer.location)

    assert answer.status_code == 303
    assert answer.location == "/city-services?category=hall"
    assert '<html lang="zh-Hans"' in page.text


def test_a_choice_of_type_size_returns_to_the_place_and_lasts(visitor):
    answer = visitor.get("/preferences/type-size/large?next=/guides/")
    page = visitor.get(answer.location)

    assert answer.location == "/guides/"
    assert 'data-type-size="large"' in page.text
    assert visitor.get_cookie("type_size").value == "large"


def test_every_page_offers_the_choices_with_the_way_back_to_itself(visitor):
    page = visitor.get("/city-services/cities?q=上海").text

    assert "next=/city-services/cities?q%3D" in page or "next=%2Fcity-services%2Fcities" in page


@pytest.mark.parametrize("choice", ["language/fr", "language/../en", "type-size/huge"])
def test_there_is_no_other_choice(visitor, choice):
    assert visitor.get(f"/preferences/{choice}").status_code == 404


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.org/",
        "//example.org/",
        "/\\example.org",
        "\\\\example.org",
        "/\t/example.org",
        "/\n/example.org",
        "javascript:alert(1)",
        "http:example.org",
        " //example.org",
        "guides/",
        "",
    ],
)
def test_nobody_is_sent_to_another_site(visitor, elsewhere):
    answer = visitor.get("/preferences/language/en", query_string={"next": elsewhere})

    assert answer.status_code == 303
    assert answer.location == "/"


def test_a_cookie_that_somebody_made_up_is_ignored(visitor):
    visitor.set_cookie("language", "xx")
    visitor.set_cookie("type_size", '"><script>')

    page = visitor.get("/")

    assert page.status_code == 200
    assert '<html lang="en" data-type-size="normal"' in page.text
