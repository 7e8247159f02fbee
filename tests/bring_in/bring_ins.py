"""Bring a list in as a clerk does, with a second person who checks it."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

from siweb import clock
from siweb.audit.actor import Actor, Channel
from siweb.bring_in.actions import KINDS, propose_file, try_file
from siweb.bring_in.labels import problem_text
from siweb.registry.packs.in_force import packs_in_force
from siweb.tasks.two_person_action import Doing
from tests import factories
from tests.second_person import check_all


def as_csv(headings, *rows):
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue()


class Clerk:
    """Hands files of a region in."""

    def __init__(self, session, region="310000"):
        self.session = session
        self.region = region
        person = factories.make_person(session, name="移交员")
        account = factories.make_account(session, person)
        self.actor = Actor(account.id, person.id, Channel.COMMAND)

    def doing(self):
        return Doing(self.actor, clock.now(), packs_in_force(self.session))

    def dry_run(self, kind, content, **controls):
        """Return what a file comes to, and nothing stays."""
        with self._file(content) as file:
            return try_file(self.session, KINDS[kind], file, self.region, controls, self.doing())

    def problems(self, kind, content, **controls):
        return [problem_text(found) for found in self.dry_run(kind, content, **controls).problems]

    def propose(self, kind, content, **controls):
        with self._file(content) as file:
            doing = self.doing()
            outcome = try_file(self.session, KINDS[kind], file, self.region, controls, doing)
            return propose_file(
                self.session, KINDS[kind], file, self.region, controls, outcome, "移交清单", doing
            )

    def bring_in(self, kind, content, **controls):
        """Hand a file in and let a second person check it."""
        task = self.propose(kind, content, **controls)
        check_all(self.session)
        return task

    def _file(self, content):
        return _Written(content)


class _Written:
    def __init__(self, content):
        self.content = content.encode() if isinstance(content, str) else content
        self.folder = TemporaryDirectory()

    def __enter__(self):
        file = Path(self.folder.__enter__()) / "list.csv"
        file.write_bytes(self.content)
        return file

    def __exit__(self, *error):
        return self.folder.__exit__(*error)
