"""Settings: typed, read once, and a wrong one says which it is."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from siweb.cli import main
from siweb.settings import SettingError, Settings


def test_without_anything_said_the_office_runs_on_this_machine_only():
    settings = Settings.load({})

    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.engine_url == "sqlite:///var/siweb.sqlite3"


def test_the_environment_goes_before_the_file(tmp_path):
    config = tmp_path / "siweb.toml"
    config.write_text('port = 8001\nhttps = true\nvar_dir = "data"\n')

    settings = Settings.load({"SIWEB_CONFIG": str(config), "SIWEB_PORT": "8002"})

    assert (settings.port, settings.https, settings.var_dir) == (8002, True, Path("data"))


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SIWEB_PORT", "eighty", "SIWEB_PORT must be a whole number, not 'eighty'."),
        ("SIWEB_PORT", "70000", "SIWEB_PORT must be between 1 and 65535, not 70000."),
        ("SIWEB_HTTPS", "maybe", "SIWEB_HTTPS must be true or false, not 'maybe'."),
        ("SIWEB_WORKERS", "0", "SIWEB_WORKERS must be between 1 and 64, not 0."),
        ("SIWEB_CONFIG", "gone.toml", "SIWEB_CONFIG names gone.toml, which cannot be read."),
    ],
)
def test_a_wrong_value_is_told_with_the_name_of_its_setting(name, value, sentence):
    with pytest.raises(SettingError) as refused:
        Settings.load({name: value})

    assert str(refused.value) == sentence


def test_a_wrong_value_stops_the_start_with_that_sentence(monkeypatch):
    monkeypatch.setenv("SIWEB_IDLE_MINUTES", "none")

    result = CliRunner().invoke(main, ["serve"])

    assert result.exit_code == 1
    assert result.output == "Error: SIWEB_IDLE_MINUTES must be a whole number, not 'none'.\n"


def test_a_misspelt_setting_in_the_file_is_told(tmp_path):
    config = tmp_path / "siweb.toml"
    config.write_text("prot = 8001\n")

    with pytest.raises(SettingError, match=r"^prot in .*siweb\.toml is not a setting"):
        Settings.load({"SIWEB_CONFIG": str(config)})


def test_a_file_that_is_no_toml_is_told(tmp_path):
    config = tmp_path / "siweb.toml"
    config.write_text("port: 8001")

    with pytest.raises(SettingError, match=r"siweb\.toml is not valid TOML"):
        Settings.load({"SIWEB_CONFIG": str(config)})


def test_a_shared_folder_that_is_not_there_stops_the_start(tmp_path):
    share = tmp_path / "share"
    with pytest.raises(SettingError, match=r"^SIWEB_FILES_DIR names .*share, which is no folder"):
        Settings.load({"SIWEB_FILES_DIR": str(share)})
    assert not share.exists()
    share.mkdir()

    assert Settings.load({"SIWEB_FILES_DIR": str(share)}).files_folder == share
    assert Settings.load({}).files_folder is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, r"FILES_BUCKET needs SIWEB_FILES_BUCKET_KEY and SIWEB_FILES_BUCKET_SECRET"),
        ({"SIWEB_FILES_BUCKET": "bucket"}, r"FILES_BUCKET must be an address such as https"),
        ({"SIWEB_FILES_DIR": "."}, r"name two places: set one of them"),
    ],
)
def test_an_object_store_that_is_half_named_stops_the_start(given, told):
    with pytest.raises(SettingError, match=told):
        Settings.load({"SIWEB_FILES_BUCKET": "https://store.example.org/office"} | given)


def test_no_print_of_the_settings_shows_the_object_stores_secret():
    assert "whisper" not in repr(Settings(files_bucket_secret="whisper"))
