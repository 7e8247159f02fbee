"""An office that commands have just opened: its folder, its commands, a browser for each person."""

import re
from datetime import date

from click.testing import CliRunner
from sqlalchemy import select

from siweb.audit.access_log.store import AccessLog
from siweb.auth.tables.appointment import Appointment
from siweb.cli import main
from siweb.registry.tables.person import Person
from siweb.settings import Settings
from siweb.web.database import database, open_database
from tests.auth.operator_file import proved
from tests.auth.second_factor import set_up_by_page
from tests.factories import make_id_number
from tests.office_secrets import SECRETS

FIRST, SECOND, CLERK = (make_id_number(date(1988, 3, 7), serial) for serial in (801, 803, 805))
NAMES = {FIRST: "张伟", SECOND: "李强", CLERK: "王芳"}
PASSWORD = "a long and quiet river"
INIT = (
    "init", "--region", "310000", "--name", "上海试办社保", "--name-en", "Shanghai office", "--phone", "021-1",
    "--administrators", f"{FIRST} 张伟, {SECOND} 李强",
)  # fmt: skip
AGENCY = (
    "agency", "310000", "hrss", "--name", "上海市社会保险中心", "--name-en", "Shanghai Centre",
    "--address", "示范路1号", "--address-en", "1 Shifan Road", "--phone", "12333",
    "--hours", "9:00-17:00",
)  # fmt: skip
CAMPAIGN = (
    "campaign", "310000", "record_check", "2026", "--months", "2026-01", "2026-12",
    "--opens", "2026-11-01", "--closes", "2026-12-31",
)  # fmt: skip


_GIVEN = re.compile(
    r"^ *(?:Set-up code for )?(\S+): (\S+) \(works once, .*days(, at )?", re.MULTILINE
)


class NewOffice:
    """A folder, the commands in it, and a browser for each person."""

    def __init__(self, folder, codes=None):
        self.settings = Settings(var_dir=folder, **SECRETS, demo=False)
        self.codes, self.set_up_codes = map(dict, codes or ({}, {}))
        self.browsers, self.secrets = {}, {}

    def run(self, *words, exit_code=0, typed=None):
        found = CliRunner().invoke(main, proved(words), input=typed)
        assert found.exit_code == exit_code, found.output
        for name, code, where in _GIVEN.findall(found.output):
            (self.codes if where else self.set_up_codes)[name] = code
        return found.output

    def appoint(self, function, number):
        words = ("--id-number", number, "--because", "任命", "--operator", FIRST)
        return self.run("staff", "appoint", function, *words)

    def serve(self, build_office):
        self.app = build_office(self.settings)
        self.app.extensions["siweb_database"] = open_database(self.settings.engine_url)
        self.app.extensions["siweb_access_log"] = AccessLog(None, self.settings.var_dir)

    def browser(self, number, code=None, name=None):
        """A browser in which somebody has opened their account with the code they were handed."""
        if number not in self.browsers:
            browser = self.browsers[number] = self.app.test_client()
            browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
            answer = browser.post(
                "/activate",
                data={
                    "id_number": number, "name": name or NAMES[number],
                    "code": code or self.codes[NAMES[number]],
                    "new_password": PASSWORD, "repeated": PASSWORD,
                },
            )  # fmt: skip
            assert answer.status_code == 303, answer.text
            if "second-factor" in answer.location:
                given = self.set_up_codes[name or NAMES[number]]
                self.secrets[number] = set_up_by_page(browser, given)
        return self.browsers[number]

    def holds(self, number):
        with database(self.app).readers() as session:
            return set(
                session.scalars(
                    select(Appointment.function)
                    .join(Person, Person.id == Appointment.person_id)
                    .where(Person.id_number == number, Appointment.ended_at.is_(None))
                )
            )


def go_to(folder, patch):
    """Let commands find the office of a folder."""
    patch.setenv("SIWEB_VAR_DIR", str(folder))
    for name, value in SECRETS.items():
        patch.setenv(f"SIWEB_{name.upper()}", value)
