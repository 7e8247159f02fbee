"""What is shipped and on what terms: `make sbom` writes it, from the locks and from the repository."""

import importlib.util
import json

import pytest

from tests.architecture.sources import ROOT

NAMES = ("LICENSE", "LICENCE", "OFL", "COPYING", "NOTICE")


@pytest.fixture(scope="module")
def sbom():
    spec = importlib.util.spec_from_file_location("sbom", ROOT / "requirements" / "sbom.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_licence_that_the_repository_carries_is_one_of_the_list(sbom):
    carried = {
        path.relative_to(ROOT).as_posix()
        for folder in ("siweb", "static", "templates")
        for path in (ROOT / folder).rglob("*")
        if any(name in path.name for name in NAMES)
    }

    assert carried == {each.terms for each in sbom.VENDORED}


def test_the_list_is_completed_and_each_licence_is_told(sbom, tmp_path, capsys):
    file, licences = tmp_path / "list.json", tmp_path / "licences.txt"
    named = [
        {"name": "b", "version": "2", "licenses": [{"expression": "MIT OR Apache-2.0"}]},
        {"name": "A", "version": "1", "licenses": [{"license": {"id": "MIT"}}]},
    ]
    file.write_text(json.dumps({"components": named}))

    sbom.main(file, licences)

    lines = licences.read_text("utf-8").splitlines()
    assert lines[:2] == ["A 1: MIT", "b 2: MIT OR Apache-2.0"]
    assert "htmx 4.0.1: 0BSD" in lines
    assert len(json.loads(file.read_text())["components"]) == len(lines) == 2 + len(sbom.VENDORED)


def test_what_says_nothing_of_its_licence_stops_it(sbom, tmp_path):
    file = tmp_path / "list.json"
    file.write_text(json.dumps({"components": [{"name": "nameless", "version": "1"}]}))

    with pytest.raises(SystemExit, match="No licence is known of nameless 1"):
        sbom.main(file, tmp_path / "licences.txt")
