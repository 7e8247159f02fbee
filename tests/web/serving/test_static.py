"""Static files: a name for each content, compressed once, kept for a year."""

import gzip
import re

import brotli
import pytest

from siweb.web.assets import build

# What stands behind a "#" is a part of the file: a browser asks for the file alone, and once.
ADDRESS = re.compile(r'(?:href|src)="(/static/[^"#]+)[^"]*"')


def fetch(visitor, address, coding="identity"):
    return visitor.get(address, headers={"Accept-Encoding": coding}, buffered=True)


@pytest.fixture
def addresses(visitor):
    return sorted({*ADDRESS.findall(visitor.get("/").text)})


def test_every_file_of_a_page_carries_its_fingerprint_and_is_kept(visitor, addresses):
    answers = {address: fetch(visitor, address) for address in addresses}

    assert len(addresses) >= 3
    assert all(re.search(r"\.[0-9a-f]{12}\.", address) for address in addresses)
    assert {answer.status_code for answer in answers.values()} == {200}
    assert all("immutable" in answer.headers["Cache-Control"] for answer in answers.values())


@pytest.mark.parametrize(
    ("coding", "unpack"), [("gzip", gzip.decompress), ("br", brotli.decompress)]
)
def test_a_file_comes_compressed_to_who_understands_it(visitor, addresses, coding, unpack):
    style = next(address for address in addresses if address.endswith(".css"))
    plain = fetch(visitor, style)
    packed = fetch(visitor, style, coding)

    assert packed.headers["Content-Encoding"] == coding
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert unpack(packed.data) == plain.data


def test_a_changed_file_gets_a_new_name(tmp_path):
    source, built = tmp_path / "source", tmp_path / "built"
    source.mkdir()
    (source / "page.css").write_text("a {}")
    before = build(source, built)["page.css"]
    (source / "page.css").write_text("b {}")

    after = build(source, built)["page.css"]

    assert before != after
    assert (built / before).read_text() == "a {}"  # pages still open ask for it


def test_a_second_start_compresses_nothing_again(tmp_path):
    source, built = tmp_path / "source", tmp_path / "built"
    source.mkdir()
    (source / "page.js").write_text("1")
    names = build(source, built)
    (built / names["page.js"]).with_suffix(".js.br").unlink()

    build(source, built)

    assert sorted(path.name for path in built.iterdir()) == [
        names["page.js"],
        names["page.js"] + ".gz",
    ]


def test_no_file_outside_the_folder_is_served(visitor):
    assert visitor.get("/static/../siweb.sqlite3").status_code == 404
    assert visitor.get("/static/%2e%2e/secret_key").status_code == 404


def test_a_first_visit_is_light(visitor, addresses):
    files = sum(len(fetch(visitor, address, "br").data) for address in addresses)
    page = len(gzip.compress(visitor.get("/").data))

    assert page <= 8 * 1024
    assert page + files <= 32 * 1024
