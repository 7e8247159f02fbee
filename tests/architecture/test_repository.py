"""What is in the repository holds on every machine: pinned, translated, no place's own names."""

import io
import os
import re
import shutil
import subprocess
import tomllib
from importlib.metadata import packages_distributions

import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner

from siweb.cli.development.translations import translations
from tests.architecture.sources import PACKAGE, ROOT, files, imported_names, shown

TEXTS = [path for path in files() if b"\0" not in path.read_bytes()]
OWN = shown(ROOT / "tests/architecture/test_repository.py")
LEFT_BY_A_MERGE = re.compile(r"^(?:<{7} |>{7} )", re.MULTILINE)
# A folder of somebody's machine. /etc, /usr/bin and the like are the same everywhere.
FOLDER = re.compile(r"(?<![\w.:/}$\])-])/(?:home|root|work|opt|tmp|Users|mnt|private)/[\w.+-]")
# Hosts that packages come from: which one is a matter of the machine, never of the project.
REGISTRY = re.compile(
    r"--(?:extra-)?index-url|--find-links|pypi\.org|pythonhosted|npmjs|://localhost/pypi"
)
PIN = re.compile(
    r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^;\s]+)(?: ; [^-]+)?( +--hash=sha256:[0-9a-f]{64})*$"
)
# A number and what is counted: "%(count)s rows", "%(count)s new reports", "%(count)s people".
COUNTED = re.compile(r"%\((\w+)\)[sd] (?:([a-z]+) )?([a-z]+s|people)\b")
# Limits of the house, which are never one; eight classes, and what is doubtful only for its size.
LIMITS = {"most", "max", "classes", "away", "gap"}
# What stands behind a value that is not counted: "%(year)s only weekends", "%(months)s of premiums".
JOINING = {
    "is", "waits", "has", "was", "does", "lies", "of", "and", "only", "in", "a", "jumps", "stands", "appears",
}  # fmt: skip
LOCKS = ["runtime", "build", "test", "check", "docs", "sbom", "load", "traces"]
# Where documentation of hosting names folders of a server.
HOSTING = {
    "Containerfile", "README.md", "README.zh-CN.md", "deploy/try-container.sh", "docs/hosting.md",
}  # fmt: skip


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def lock(name):
    """The lock's entries, each a pin with its hashes on one line."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if not line.startswith("#")]


def pinned(lines):
    return {normal(found[1]): found[2] for found in map(PIN.match, lines) if found}


def test_no_machine_and_no_registry_is_named():
    named = [
        f"{shown(path)}: {found}"
        for path in TEXTS
        if shown(path) != OWN
        for found in (
            REGISTRY.findall(path.read_text("utf-8", errors="replace"))
            + (
                []
                if shown(path) in HOSTING
                else FOLDER.findall(path.read_text("utf-8", errors="replace"))
            )
        )
    ]

    assert not named


def test_no_merge_is_left_half_done():
    assert LEFT_BY_A_MERGE.search("\n" + "<" * 7 + " HEAD\n")
    assert not [
        shown(path) for path in TEXTS if LEFT_BY_A_MERGE.search(path.read_text("utf-8", "replace"))
    ]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_exact_versions_with_their_hashes(name):
    assert lock(name)
    assert not [line for line in lock(name) if not PIN.match(line) or "--hash=" not in line]


@pytest.mark.parametrize(
    ("name", "section"),
    [(name, {"runtime": "dependencies", "build": "requires"}.get(name, name)) for name in LOCKS],
)
def test_a_lock_holds_what_the_project_asks_for(name, section):
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project = config["project"] | {"requires": config["build-system"]["requires"]}
    asked = project.get(section) or project["optional-dependencies"][section]
    plain = [re.sub(r"\[.*?\]", "", requirement) for requirement in asked]
    locked = pinned([line for each in LOCKS for line in lock(each)])

    assert len(pinned(plain)) == len(plain)
    assert pinned(plain).items() <= locked.items()


def test_the_office_imports_only_what_it_installs():
    # Traces are an extra, imported where an office asks for them.
    locked = pinned([*lock("runtime"), *lock("traces")])
    known = packages_distributions()
    modules = {
        module.split(".")[0]
        for path in files(PACKAGE, ".py")
        if "bench" not in path.parts  # measures beside the test dependencies
        for module, _ in imported_names(path)
    }

    distributions = {normal(name) for module in modules for name in known.get(module, ())}

    assert distributions - {"siweb"} <= set(locked)


def test_every_catalogue_is_one_that_the_usual_tools_read(tmp_path):
    msgfmt = shutil.which("msgfmt")
    if msgfmt is None:
        assert not os.environ.get("SIWEB_TEST_ALL"), "no msgfmt: install gettext"
        pytest.skip("no msgfmt: gettext is not installed")
    catalogues = files(PACKAGE / "translations", ".po")

    problems = [
        subprocess.run(
            [msgfmt, "--check", f"--output-file={tmp_path / 'out.mo'}", path],
            capture_output=True, check=False, text=True,
        ).stderr
        for path in catalogues
    ]  # fmt: skip

    assert catalogues
    assert not [problem for problem in problems if problem]


def test_every_sentence_has_its_chinese():
    result = CliRunner().invoke(translations, ["check"])

    assert result.output == "The translations are complete.\n"


def test_a_sentence_that_counts_has_a_form_for_one():
    sentences = [
        (message.id, path.name)
        for path in files(PACKAGE / "translations", ".po")
        for message in read_po(io.BytesIO(path.read_bytes()), locale="zh_Hans")
        if isinstance(message.id, str)
    ]

    counting = [
        f"{name}: {sentence}"
        for sentence, name in sentences
        for placeholder, *words in COUNTED.findall(sentence)
        if placeholder not in LIMITS and not JOINING.intersection(words)
    ]

    assert len(sentences) > 2_000
    assert not counting


@pytest.mark.parametrize(
    "name", ["LICENSE", "README.md", "README.zh-CN.md", "CHANGELOG.md", "Makefile", ".ci/run"]
)
def test_the_repository_opens_with_what_a_stranger_looks_for(name):
    assert (ROOT / name).stat().st_size > 0
