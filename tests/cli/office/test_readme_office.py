"""The README's first office, line by line in an empty folder, up to the first citizen's receipt."""

import re
import shlex
from datetime import timedelta
from string import Template

import pytest
import time_machine
from sqlalchemy import select

from siweb.auth.credentials.second_factor.totp import SECONDS
from siweb.documents.tables.document import Document
from siweb.web.database import database
from tests.architecture.sources import ROOT
from tests.auth.second_factor import code_at
from tests.cli.office.new_office import PASSWORD, NewOffice, go_to
from tests.conftest import NOW

SECTION = re.compile(r"^## First office$.*?^```sh$(.*?)^```$", re.MULTILINE | re.DOTALL)
REFERENCE = "$(siweb tasks list | cut -d' ' -f1)"


class Shell:
    """So much of a shell as the README's block needs; whatever else stands there fails."""

    def __init__(self, office, folder):
        self.office = office
        self.folder = folder
        self.names = {}
        self.people = {}
        self.output = ""

    def run(self, block, *, activate):
        lines = iter(block.replace("\\\n", " ").strip().splitlines())
        for line in lines:
            if line.startswith("#"):
                if "/activate" in line:
                    activate(self)
            elif found := re.fullmatch(r"cat > (\S+) <<END", line):
                text = "".join(f"{each}\n" for each in iter(lambda: next(lines), "END"))
                (self.folder / found[1]).write_text(self._filled(text), "utf-8")
            elif line.startswith("siweb "):
                self._siweb(shlex.split(self._filled(line))[1:])
            elif line == f"TASK={REFERENCE}":
                self.names["TASK"] = self.office.run("tasks", "list").split()[0]
            else:
                words = shlex.split(line)
                assert all(re.fullmatch(r"[A-Z]+=\w+", word) for word in words), line
                self.names |= dict(word.split("=") for word in words)

    def _siweb(self, words):
        typed = None
        if words[:2] == ["operator", "sign-in"]:
            # No code is taken twice: that of now set the app up.
            secret = self.office.secrets[words[words.index("--id-number") + 1]]
            typed = f"{PASSWORD}\n{code_at(NOW + timedelta(seconds=SECONDS), secret)}\n"
        self.output = self.office.run(*words, typed=typed)
        if words[0] == "init":
            listed = words[words.index("--administrators") + 1].split(", ")
            self.people |= {name: number for number, name in map(str.split, listed)}
        if words[0] == "person":
            name = words[words.index("--name") + 1]
            self.people[name] = words[words.index("--id-number") + 1]
            self.office.codes[name] = re.search(r"code: (\S+)", self.output)[1]

    def _filled(self, text):
        return Template(text).substitute(self.names)


@pytest.fixture
def shell(tmp_path, monkeypatch, build_office):
    go_to(tmp_path, monkeypatch)
    monkeypatch.chdir(tmp_path)
    with time_machine.travel(NOW, tick=False):
        office = NewOffice(tmp_path)
        found = Shell(office, tmp_path)
        yield found
        database(office.app).engine.dispose()


def test_the_first_office_of_the_readme_comes_to_a_receipt(shell, build_office):
    office = shell.office

    def activate(shell):
        if not hasattr(office, "app"):
            office.serve(build_office)
        for name, number in shell.people.items():
            office.browser(number, office.codes[name], name)
        if "孙勇" in shell.people:
            certify(office.browser(shell.people["孙勇"]))

    shell.run(SECTION.search((ROOT / "README.md").read_text("utf-8"))[1], activate=activate)

    with database(office.app).readers() as session:
        assert session.scalars(select(Document.reference)).all()
    assert len(office.browsers) == 5


def certify(citizen):
    """The citizen's way: begin, answer, send, and the receipt is there."""
    (campaign,) = re.findall(r'name="campaign" value="(\d+)"', citizen.get("/reviews").text)
    case = citizen.post("/reviews/start", data={"campaign": campaign}).location
    case = case.removesuffix("/resume")
    answers = {
        "method": {"method": "self"},
        "residence": {"residence": "elsewhere", "place": "苏州", "mobile": "13800001234",
                      "declared": "y"},
    }  # fmt: skip
    for step, typed in answers.items():
        assert citizen.post(f"{case}/steps/{step}", data={"seen": 0} | typed).status_code == 303
    sent = citizen.post(f"{case}/check", follow_redirects=True)
    assert "eceipt" in sent.text
