"""What the check of the catalogues finds: each kind of fault, tried on a copy of one room's."""

import shutil

import pytest
from click.testing import CliRunner

from siweb.cli.development import catalogues, translations

ROOM = "share_codes"


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """A room's catalogue that may be changed; no other room is looked at."""
    shutil.copy(catalogues.CATALOGUES / f"{ROOM}.po", tmp_path)
    monkeypatch.setattr(catalogues, "CATALOGUES", tmp_path)
    monkeypatch.setattr(translations, "_rooms", lambda: {ROOM})
    return tmp_path / f"{ROOM}.po"


def faults():
    found = CliRunner().invoke(translations.translations, ["check"])
    return found.stderr.splitlines() if found.exit_code else []


def test_a_complete_catalogue_has_no_fault(catalogue):
    assert faults() == []


def test_a_sentence_without_chinese_is_named(catalogue):
    catalogue.write_text(catalogue.read_text().replace('msgid "Make a code"', 'msgid "Make a cod"'))

    assert f"{ROOM}: no translation of 'Make a code'" in faults()


def test_chinese_that_no_page_shows_is_named(catalogue):
    catalogue.write_text(catalogue.read_text() + '\nmsgid "Once upon a time"\nmsgstr "很久以前"\n')

    assert f"{ROOM}: nothing says 'Once upon a time' any more" in faults()


def test_a_place_that_the_sentence_does_not_have_is_named(catalogue):
    text = catalogue.read_text()
    at = text.index("msgstr", text.index('msgid "Make a code"'))
    catalogue.write_text(text[:at] + 'msgstr "%(name)s' + text[at + len('msgstr "') :])

    assert f"{ROOM}: the translation of 'Make a code' has a place too many" in faults()
