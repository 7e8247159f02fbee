"""A small office that opens with nothing and is kept day by day, by the commands that a user types.

The clock is moved and stands meanwhile; what takes long is counted in processor seconds, which other
work on the machine disturbs less.
"""

import itertools
import re
import time
from collections import Counter
from datetime import date, datetime, timedelta

from sqlalchemy import select

from siweb import clock
from siweb.app import create_app
from siweb.collection.tables.bill import Bill
from siweb.db.engine import make_engine, make_sessions
from siweb.jobs.worker import run_next_job
from siweb.rules.numbers.money import yuan_from_fen
from siweb.settings import Settings
from siweb.web.database import database
from tests.api.conftest import Program
from tests.cli.office.new_office import FIRST, INIT, NAMES, PASSWORD, SECOND, NewOffice
from tests.collection.statements.make_statements import ACCOUNT, balances, camt, detail, entry
from tests.factories import make_id_number, make_uscc
from tests.office_secrets import SECRETS

REGION = "310000"
BUSINESS, CHECKING, MONEY, BOOKING, OWNER = (
    make_id_number(date(1984, 2, 3), serial) for serial in (811, 813, 815, 817, 819)
)
STAFF = {
    BUSINESS: ("registration", "contributions"),
    CHECKING: ("registration", "contributions"),
    MONEY: ("finance",),
    BOOKING: ("finance",),
}
NAMES |= {BUSINESS: "周一", CHECKING: "吴二", MONEY: "郑三", BOOKING: "冯四", OWNER: "陈五"}
INSURANCES = ["pension", "medical", "unemployment", "work_injury"]
FOR_GOOD = ["--because", "任命1号"]


class SmallOffice(NewOffice):
    """Its database in one folder; backups, heads and the journal in another, as on a share."""

    def __init__(self, folder, share, patch, travel):
        super().__init__(folder)
        self.share, self.patch, self.travel = share, patch, travel
        self.spent, self.employers, self.hired = Counter(), [], []
        self.handed_in, self.programs, self.people = [], {}, itertools.count()
        for name in ("backups", "papers", "secrets"):
            (share / name).mkdir(parents=True)
        for name, value in {
            "BACKUP_DIR": share / "backups", "PAPERS_DIR": share / "papers",
            "HEADS_FILE": share / "heads", "SECRETS_DIR": share / "secrets",
            "PUBLIC_URL": "http://localhost:8000", "SMTP_HOST": "mail.example.org",
            **{name.upper(): value for name, value in SECRETS.items()},
        }.items():  # fmt: skip
            patch.setenv(f"SIWEB_{name}", str(value))
        self.stand_in(folder)

    def stand_in(self, folder):
        """Let commands and pages find the office of a folder."""
        self.patch.setenv("SIWEB_VAR_DIR", str(folder))
        self.settings = Settings.load()

    def open_pages(self):
        """Start the server, also anew: after a restore, or a change of version."""
        self.app = create_app(self.settings)
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.browsers = {}
        for program in self.programs.values():
            program.client = self.app.test_client()

    def close_pages(self):
        """Stop the server, as before whatever moves the database's file."""
        database(self.app).engine.dispose()

    def at(self, day, hour, minute=0):
        self.travel.move_to(
            datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.OFFICE_ZONE)
        )

    def run(self, *words, **given):
        begun = time.process_time()
        try:
            return super().run(*words, **given)
        finally:
            self.spent[words[0]] += time.process_time() - begun

    def by_two(self, *words, maker, checker):
        told = self.run(*words, "--operator", maker)
        reference = re.search(r"\b([A-Z0-9]{10})\b(?!.*\b[A-Z0-9]{10}\b)", told, re.DOTALL)[1]
        self.run("tasks", "approve", reference, "--operator", checker)

    def work(self):
        """Do what a worker would find."""
        begun = time.process_time()
        engine = make_engine(self.settings.engine_url)
        while run_next_job(make_sessions(engine), "worker", secret=SECRETS["secret_key"]):
            pass
        engine.dispose()
        self.run("seal")
        self.spent["work"] += time.process_time() - begun

    # The first day.
    def open(self, day, employers, people):
        # Before the night's first task: the log goes forward alone.
        self.at(day, 0, 5)
        self.run(*INIT)
        self.open_pages()
        for number in (FIRST, SECOND):
            self.browser(number)
        for number, functions in STAFF.items():
            self.person(number, FIRST)
            for function in functions:
                self.by_two(
                    "staff", "appoint", function, "--id-number", number, *FOR_GOOD,
                    maker=FIRST, checker=SECOND,
                )  # fmt: skip
            self.run("staff", "set-up-code", "--id-number", number, "--operator", SECOND)
            self.browser(number)
        self.person(OWNER, BUSINESS)
        self.browser(OWNER)
        self.by_two(
            "bank-account", "add", ACCOUNT, "--bank", "示范银行", "--because", "银行函1号",
            maker=MONEY, checker=BOOKING,
        )  # fmt: skip
        for place in range(employers):
            uscc = make_uscc()
            self.run(
                "employer", "--uscc", uscc, "--name", f"示范{place}厂", "--region", REGION,
                "--industry", "I65", "--established", "2020-01-31", "--operator", BUSINESS,
            )  # fmt: skip
            self.run("make-owner", uscc, "--id-number", OWNER, "--operator", BUSINESS)
            self.employers.append(uscc)
        self.renew_tokens(day)
        for uscc in self.employers:
            self.hire(uscc, day, people)

    def person(self, number, operator):
        told = self.run(
            "person", "--id-number", number, "--name", NAMES[number], "--region", REGION,
            "--operator", operator,
        )  # fmt: skip
        self.codes[NAMES[number]] = re.search(r"code: (\S+)", told)[1]

    def renew_tokens(self, day):
        """A token of a payroll program is good for a year; its owner signs in for the next."""
        owner = self.app.test_client()
        sent = owner.post("/sign-in", data={"id_number": OWNER, "password": PASSWORD})
        assert sent.status_code == 303, sent.text
        for uscc in self.employers:
            made = owner.post(
                f"/employer/{uscc}/tokens",
                data={
                    "name": f"工资软件{day}", "scopes": ["read", "file", "confirm"],
                    "expires_on": f"{day + timedelta(days=365)}",
                },
            )  # fmt: skip
            secret = re.search(r"siweb_[\w-]+", made.text)[0]
            self.programs[uscc] = Program(self.app.test_client(), secret)

    # What employers do.
    def hire(self, uscc, day, number):
        rows = []
        for _ in range(number):
            person = {
                "id_number": make_id_number(date(1990, 5, 1), serial=3001 + 2 * next(self.people)),
                "name": f"王{'甲乙丙丁戊己庚辛壬癸'[len(self.hired) % 10]}",
            }
            self.hired.append((uscc, person))
            rows.append(
                person | {
                    "hired_on": f"{day.replace(day=1)}", "start_month": f"{day:%Y-%m}",
                    "wage_fen": 900_000 + 10_000 * len(self.hired), "insurances": INSURANCES,
                }
            )  # fmt: skip
        return self.file(uscc, {"kind": "hire", "rows": rows})

    def leave(self, uscc, day):
        person = next(person for of, person in self.hired if of == uscc)
        self.hired.remove((uscc, person))
        row = person | {
            "ended_on": f"{day.replace(day=1)}", "end_reason": "resigned", "is_voluntary": "yes",
            "stop_month": f"{day:%Y-%m}",
        }  # fmt: skip
        return self.file(uscc, {"kind": "leave", "rows": [row]})

    def file(self, uscc, filing):
        """Hand a filing in as a payroll program does; return the number of its receipt."""
        begun = time.process_time()
        self.handed_in.append((uscc, filing))
        program = self.programs[uscc]
        opened = program.post("/filings", filing)
        assert opened.status_code == 201, opened.text
        sent = program.post(f"/filings/{opened.json['reference']}/confirm")
        assert (sent.status_code, sent.json["applied"]) == (200, len(filing["rows"])), sent.text
        self.spent["file"] += time.process_time() - begun
        return sent.json["receipt"]

    # What the office does.
    def levy(self, day):
        self.run(
            "levy", "--region", REGION, "--month", f"{day:%Y-%m}", "--provisional",
            "--operator", BUSINESS,
        )  # fmt: skip

    def book_payments(self, day):
        """All that is open is paid by one statement of the bank."""
        engine = make_engine(self.settings.engine_url)
        with make_sessions(engine)() as session:
            bills = [
                (bill.bank_reference, bill.outstanding_fen)
                for bill in session.scalars(select(Bill).where(Bill.paid_fen < Bill.total_fen))
            ]
        engine.dispose()
        if not bills:
            return
        file = self.share / "bank.xml"
        entries = [
            entry(
                str(yuan_from_fen(fen)), ref=f"B{reference}", day=f"{day}",
                details=[detail(refs=[f"{reference}"])],
            )
            for reference, fen in bills
        ]  # fmt: skip
        total = yuan_from_fen(sum(fen for _reference, fen in bills))
        file.write_bytes(camt(balances("0.00", str(total)), *entries))
        self.by_two(
            "import-statement", file, "--region", REGION, "--bank", "示范银行",
            maker=MONEY, checker=BOOKING,
        )  # fmt: skip
        self.work()

    def age_of_backup(self, *, exit_code=0):
        """The line in which the doctor shows how old the newest backup is."""
        told = self.run("doctor", "--all", exit_code=exit_code)
        (line,) = re.findall(r"^(?:ok   |ILL  ) backup: .*$", told, re.MULTILINE)
        return line
