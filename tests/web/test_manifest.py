"""What a phone puts on its home screen: the office's name in the reader's language, and its icon."""

import pytest


@pytest.mark.parametrize(
    ("language", "name"), [("zh-CN", "社会保险服务"), ("en", "Social insurance office")]
)
def test_a_phone_is_told_name_and_icons(visitor, language, name):
    answer = visitor.get("/manifest.webmanifest", headers={"Accept-Language": language})

    assert answer.mimetype == "application/manifest+json"
    assert answer.json["name"] == name
    assert visitor.get(answer.json["start_url"]).status_code == 200
    for icon in answer.json["icons"]:
        assert visitor.get(icon["src"], buffered=True).status_code == 200


def test_every_page_names_manifest_icon_description_and_theme(visitor):
    page = visitor.get("/").text

    assert 'rel="manifest" href="/manifest.webmanifest"' in page
    assert 'rel="apple-touch-icon"' in page
    assert page.count('name="theme-color"') == 2
    assert 'name="description" content="Check your social insurance record' in page
