"""What the worker and the commands do with many people: each deed by the name of its job.

They run one after the other, since each needs what the one before has left.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from siweb.audit.actor import SYSTEM, Actor
from siweb.bench.filings import make_sheet
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.books.seal_day import seal_day
from siweb.collection.levy.find import enqueue_levy
from siweb.collection.levy.start import open_levy
from siweb.collection.statements.mapping import keep_mapping
from siweb.collection.statements.reading.csv_mapping import CsvMapping
from siweb.collection.statements.upload import upload_statement
from siweb.collection.tables.levy_run import LevyRun
from siweb.files.kept_file import FileKind
from siweb.files.store import FileStore
from siweb.filings.drafts.import_sheet import (
    codes_of,
    open_sheet,
    request_reading,
    request_sending,
)
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import Filing
from siweb.filings.withdrawal.portions import begin_withdrawing
from siweb.jobs.worker import run_next_job
from siweb.ledgers.seals.seal import SealKey
from siweb.messages.kinds.reviews import REVIEW_OPENED
from siweb.messages.notify import day_of, notify_each, subject_of
from siweb.queue.enqueue import enqueue
from siweb.queue.job import Job, JobState
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from tests.collection.statements.make_statements import register
from tests.conftest import NOW

MONTH = "2026-11"


class Deeds:
    """The deeds of an office of so many people, with one employer."""

    def __init__(self, sessions: Any, region: str, employer_id: int, actor: Actor) -> None:
        self.sessions, self.region = sessions, region
        self.employer_id, self.actor = employer_id, actor
        self.filing_id = 0

    def by_name(self) -> dict[str, Callable[[Any, int], None]]:
        """Return every deed; it takes a folder and how many people there are."""
        return {
            "filings.read_sheet": self._read_sheet,
            "filings.send": self._send,
            # Before its month is levied: afterwards nothing of it is withdrawn.
            "filings.withdraw": self._withdraw,
            "collection.run_levy": self._levy,
            "collection.import_statement": self._import_statement,
            "messages.send": self._send_messages,
            "check": self._check,
            "close-day": self._close_day,
        }

    def _run_job(self) -> None:
        assert run_next_job(self.sessions, "worker", secret="papers")
        with self.sessions() as session:
            assert not session.query(Job).filter(Job.state != JobState.DONE).count()

    def _levy(self, _folder: Any, _people: int) -> None:
        with self.sessions.begin() as session:
            packs = packs_in_force(session)
            run = open_levy(
                session,
                self.region,
                MONTH,
                packs=packs,
                actor=SYSTEM,
                on=NOW.date(),
                at=NOW,
                may_be_provisional=True,
            )
            enqueue_levy(session, run, actor=SYSTEM, at=NOW)
            run_id = run.id
        self._run_job()
        with self.sessions() as session:
            assert session.get_one(LevyRun, run_id).totals["records"]

    def _read_sheet(self, folder: Any, people: int) -> None:
        file = make_sheet(folder / "list.xlsx", people)
        with file.open("rb") as source, self.sessions.begin() as session:
            content = FileStore().keep(session, FileKind.SHEET, source, at=NOW)
            filing, _is_new = open_sheet(
                session,
                self.employer_id,
                FilingKind.HIRE,
                content=content,
                file_name=file.name,
                defaults={},
                actor=self.actor,
                at=NOW,
            )
            request_reading(session, filing, actor=self.actor, at=NOW)
            self.filing_id = filing.id
        self._run_job()

    def _send(self, _folder: Any, _people: int) -> None:
        with self.sessions.begin() as session:
            filing = session.get_one(Filing, self.filing_id)
            request_sending(session, filing, actor=self.actor, at=NOW)
        self._run_job()
        with self.sessions() as session:
            assert session.get_one(Filing, self.filing_id).confirmed_at is not None

    def _withdraw(self, _folder: Any, people: int) -> None:
        with self.sessions.begin() as session:
            filing = session.get_one(Filing, self.filing_id)
            given = {"reason": "错了", "is_replaced": True, "actor": self.actor, "at": NOW}
            begin_withdrawing(session, filing, **given)
        self._run_job()
        with self.sessions() as session:
            codes = codes_of(session.get_one(Filing, self.filing_id))
        # Of the sheet's people each fiftieth is refused, and in a draft of its own.
        assert codes == {"withdrawn": people - people // 50}, codes

    def _import_statement(self, folder: Any, people: int) -> None:
        file = folder / "bank.csv"
        lines = (f"2026-11-20,{number}.00,甲" for number in range(1, people + 1))
        file.write_text("\n".join(("day,in,text", *lines)), encoding="utf-8")
        with file.open("rb") as source, self.sessions.begin() as session:
            mapping = CsvMapping(day="day", credit="in", remittance=("text",))
            register(session)
            keep_mapping(session, self.region, "icbc", mapping, actor=SYSTEM, at=NOW)
            statement = upload_statement(
                session,
                self.region,
                "icbc",
                source,
                FileStore(),
                file_name=file.name,
                actor=SYSTEM,
                at=NOW,
            )
            arguments = {"statement_id": statement.id}
            enqueue(
                session, "collection.import_statement", arguments, actor=SYSTEM, at=NOW,
                subject=("bank_statement", statement.id),
            )  # fmt: skip
        self._run_job()

    def _send_messages(self, _folder: Any, people: int) -> None:
        """Tell so many of a review, and settle by what each message goes out."""
        whom = select(
            Person.region_code, subject_of("person", Person.id), day_of(NOW.date()), Person.id,
            day_of(None),
        ).order_by(Person.id).limit(people)  # fmt: skip
        with self.sessions.begin() as session:
            notify_each(session, REVIEW_OPENED, whom, at=NOW)
            about = ("messages", "all")
            enqueue(session, "messages.send", {}, actor=SYSTEM, at=NOW, subject=about)
        self._run_job()

    def _check(self, _folder: Any, _people: int) -> None:
        with self.sessions() as session:
            packs = packs_in_force(session)
            check_books(session, packs, Scope(self.region, MONTH))
            check_books(session, packs, Scope(), seals=SealKey.of("seals"))

    def _close_day(self, _folder: Any, _people: int) -> None:
        with self.sessions.begin() as session:
            seal_day(session, key=SealKey.of("seals"), on=NOW.date(), at=NOW, actor=SYSTEM)
