"""The Containerfile, the compose files and the proxies: held to commands and settings.

`make container` builds and drives the image where Podman or Docker answers.
"""

import json
import re
import shutil
import subprocess
from dataclasses import fields

import click
import pytest
import yaml

from siweb.audit.access_log.store import FILE_NAME
from siweb.cli import COMMANDS, main
from siweb.hosting.units import TASKS
from siweb.secret_keys import SECRETS
from siweb.settings import PREFIX, Settings
from tests.architecture.sources import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE = sorted(DEPLOY.glob("compose.*.yaml"))
SETTINGS = {PREFIX + field.name.upper() for field in fields(Settings)}
# Read by the proxy alone.
FOR_THE_PROXY = {"SIWEB_BEHIND"}
# Read by the command that opens an office, as it says itself.
OF_COMMANDS = {option.envvar for option in main.get_command(click.Context(main), "init").params}
NOT_SHOWN = {PREFIX + field.name.upper() for field in fields(Settings) if not field.repr}
NAMED = re.compile(r"\bSIWEB_[A-Z_]+")


def instructions(stage=-1):
    """The instructions of a stage of the Containerfile, joined where they go on."""
    text = (ROOT / "Containerfile").read_text("utf-8")
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.split(None, 1) for line in text.splitlines() if line.strip()]
    starts = [place for place, (word, _rest) in enumerate(lines) if word == "FROM"]
    ends = [*starts[1:], len(lines)]
    return lines[starts[stage] : ends[stage]]


def the(word):
    (found,) = [rest for name, rest in instructions() if name == word]
    return found


@pytest.fixture(params=COMPOSE, ids=[path.name for path in COMPOSE])
def services(request):
    return yaml.safe_load(request.param.read_text("utf-8"))["services"]


def ours(services):
    return {name: each for name, each in services.items() if each["image"] == "localhost/siweb"}


def test_the_image_runs_as_nobody_in_particular_and_says_whether_it_works():
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", the("USER"))
    check = json.loads(the("HEALTHCHECK").partition("CMD ")[2])
    assert check[0] == "python" and "/readyz" in check[2]
    compile(check[2], "health", "exec")
    assert json.loads(the("ENTRYPOINT")) == ["siweb"]
    assert json.loads(the("CMD"))[0] in COMMANDS


def test_the_image_holds_what_is_locked_and_nothing_that_nobody_named():
    built = {rest for word, rest in instructions(0) if word == "RUN"}

    assert any("--require-hashes" in line for line in built)
    assert not [line for word, line in instructions(0) + instructions() if word == "ADD"]
    assert not [line for line in built if re.search(r"\b(curl|wget|apt-get)\b", line)]
    for name in re.findall(r"requirements/\w+\.txt", "".join(built)):
        assert (ROOT / name).exists()
    # An office's data and keys are not even sent to who builds.
    ignored = (ROOT / ".containerignore").read_text("utf-8").splitlines()
    assert ignored[1] == "*" and "!var" not in ignored and "!deploy" not in ignored
    assert (ROOT / ".dockerignore").read_text("utf-8").splitlines() == ignored


@pytest.mark.parametrize(
    "path", ["Containerfile", *(f"deploy/{path.name}" for path in sorted(DEPLOY.iterdir()))]
)
def test_every_setting_is_one_and_no_secret_stands_anywhere(path):
    text = (ROOT / path).read_text("utf-8")
    set_here = dict(re.findall(r"^\s*(SIWEB_\w+)=(\S+)", text, re.MULTILINE))

    assert set(NAMED.findall(text)) <= SETTINGS | FOR_THE_PROXY | OF_COMMANDS
    assert not set(set_here) & NOT_SHOWN
    assert not [secret.name for secret in SECRETS if f"{secret.name.upper()}=" in text]
    assert not re.search(r"(?i)AGE-SECRET-KEY-1|BEGIN [A-Z ]*PRIVATE KEY", text)


def test_the_example_of_settings_is_taken(monkeypatch):
    for line in (DEPLOY / "settings.env.example").read_text("utf-8").splitlines():
        name, is_set, value = line.partition("=")
        if is_set and name.startswith(PREFIX):
            monkeypatch.setenv(name, value)

    settings = Settings.load()

    assert (settings.https, settings.trusted_proxies) == (True, 1)
    assert settings.public_url == "https://office.example.org"


def test_each_service_runs_a_command_of_siweb_without_root_and_writes_its_folders_alone(services):
    commands = {name: each["command"] for name, each in ours(services).items()}

    assert commands == {
        "prepare": ["migrate"], "office": ["serve"], "worker": ["work"], "daily": ["daily"],
    }  # fmt: skip
    assert {words[0] for words in commands.values()} <= set(COMMANDS)
    for name, each in ours(services).items():
        assert each["read_only"] is True, name
        assert each["user"] == the("USER")
        assert each["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in each["security_opt"]
        places = [volume.split(":")[1] for volume in each["volumes"]]
        assert set(places) == set(json.loads(the("VOLUME")))
        assert "privileged" not in each and "ports" not in each


def test_nothing_serves_before_the_tables_are_there(services):
    for name, each in ours(services).items():
        if name != "prepare":
            assert each["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}
    assert services["proxy"]["depends_on"] == {"office": {"condition": "service_healthy"}}
    if "database" in services:
        assert services["prepare"]["depends_on"] == {"database": {"condition": "service_healthy"}}
        assert services["database"]["healthcheck"]["test"][1] == "pg_isready"


def test_every_volume_that_is_used_is_named_and_every_file_is_there():
    for path in COMPOSE:
        compose = yaml.safe_load(path.read_text("utf-8"))
        used = {
            volume.split(":")[0]
            for each in compose["services"].values()
            for volume in each.get("volumes", ())
        }
        files = {name for name in used if name.startswith(".")}
        assert used - files == set(compose["volumes"])
        assert all((DEPLOY / name).is_file() for name in files)
        assert (DEPLOY / compose["x-siweb"]["build"]["context"] / "Containerfile").is_file()
        # What the proxy passes on is where the office listens.
        assert compose["services"]["proxy"]["environment"]["SIWEB_BEHIND"] == "office:8000"
        assert the("EXPOSE") == "8000" == str(Settings().port)


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_a_proxy_takes_as_much_as_the_office_and_keeps_the_counts_inside(name):
    text = (DEPLOY / name).read_text("utf-8")

    assert f"{Settings().upload_megabytes}m" in text.lower()
    assert "/metrics" in text and "404" in text
    assert "127.0.0.1:8000" in text


def test_the_readmes_example_of_nginx_is_the_file():
    (block,) = re.findall(r"```nginx\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    file = (DEPLOY / "nginx.conf").read_text("utf-8").splitlines()

    assert not [line for line in block.splitlines() if line not in file]


@pytest.mark.skipif(shutil.which("caddy") is None, reason="no caddy on this machine")
def test_caddy_takes_its_file():
    checked = subprocess.run(
        ["caddy", "validate", "--config", DEPLOY / "Caddyfile", "--adapter", "caddyfile"],
        env={"OFFICE_NAME": "office.example.org", "HOME": "/tmp", "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stderr


def test_what_drives_the_image_is_a_script_and_make_never_passes_it_over(tmp_path):
    script = DEPLOY / "try-container.sh"
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0
    named = re.findall(r"localhost/siweb (\w+)", script.read_text("utf-8"))
    assert named and set(named) <= set(COMMANDS)
    for tool in ("podman", "docker"):
        (tmp_path / tool).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / tool).chmod(0o755)

    asked = subprocess.run(
        ["make", "--no-print-directory", "container"],
        cwd=ROOT, env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip

    assert asked.returncode != 0
    assert "Neither Podman nor Docker answers here" in asked.stderr


def test_every_task_of_a_day_is_a_command():
    assert set(TASKS) <= set(COMMANDS)


def test_litestream_replicates_each_file_of_an_office_on_sqlite(tmp_path):
    text = (DEPLOY / "litestream.yml").read_text("utf-8")
    config = yaml.safe_load(text.replace("${SIWEB_VAR_DIR}", str(tmp_path)))
    paths = [each["path"] for each in config["dbs"]]
    replicas = [replica["url"] for each in config["dbs"] for replica in each["replicas"]]

    settings = Settings(var_dir=tmp_path)
    assert paths == [settings.engine_url.removeprefix("sqlite:///"), str(tmp_path / FILE_NAME)]
    # One place of its own each; where that is stands with whoever runs it.
    assert len(set(replicas)) == len(paths)
    assert all(url.startswith("${REPLICA_URL}/") for url in replicas)
    # What restores goes by the same file.
    drill = (DEPLOY / "try-litestream.sh").read_text("utf-8")
    names = re.search(r"for name in (.*); do", drill)[1].split()
    assert [f"{tmp_path}/{name}.sqlite3" for name in names] == paths


def test_an_office_from_nothing_is_made_by_what_the_readme_says():
    """The script of `make bare` types README's own lines: it has no copy of them."""
    script = (DEPLOY / "try-bare.sh").read_text("utf-8")
    section = (ROOT / "README.md").read_text("utf-8").partition("\n## Two commands\n")[2]
    blocks = re.findall(r"^```$(.*?)^```$", section.partition("\n## ")[0], re.DOTALL | re.MULTILINE)
    lines = [line.partition("#")[0].strip() for line in "".join(blocks).split("\n") if line]

    assert lines.index("make demo") <= 2
    assert "\nmake demo" not in script and "apt-get install make" not in script
    for path in ("try-bare.sh", "try-container.sh", "try-litestream.sh"):
        subprocess.run(["sh", "-n", DEPLOY / path], check=True)
        assert (DEPLOY / path).stat().st_mode & 0o111
