"""The stage: an office that commands opened, served to browsers, with a clock that is moved on."""

import threading
from datetime import datetime

from sqlalchemy import select
from werkzeug.serving import make_server

from siweb.clock import OFFICE_ZONE
from siweb.jobs.worker import run_next_job
from siweb.registry.tables.person import Person
from siweb.web.database import database
from tests.browser.agency_month.browser_actor import BrowserActor
from tests.browser.agency_month.plain_actor import PlainActor
from tests.cli.office.new_office import NewOffice

REGION = "310000"


def at(month, day, hour=9):
    """An hour of a day of 2026 at the office."""
    return datetime(2026, month, day, hour, tzinfo=OFFICE_ZONE)


class Stage:
    """The office, its server and the clock, which stands still until it is moved."""

    def __init__(self, folder, browser, time, build_office):
        self.office = NewOffice(folder)
        self.browser = browser
        self.time = time
        self.build_office = build_office
        self.contexts = []
        self.errors = []
        self.server = None

    def begin(self):
        self.office.serve(self.build_office)
        if self.browser is not None:
            self._serve()

    def _serve(self):
        self.server = make_server("127.0.0.1", 0, self.office.app, threaded=True)
        self.server.daemon_threads = False
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self.thread.start()
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        for context in self.contexts:
            context.close()
        if self.server is not None:
            self.server.shutdown()
            self.thread.join()
            self.server.server_close()
        database(self.office.app).engine.dispose()

    def work(self):
        """Let a worker do what waits in the background."""
        while run_next_job(database(self.office.app).writers, "month"):
            pass

    def go_to(self, moment):
        """Move the clock on; a new day brings what it brings."""
        self.time.move_to(moment)
        self.office.run("day")
        self.work()

    def actor(self, name, number, *, plain=False, **how):
        """Somebody with a browser, or without one where their pages need no script."""
        if plain or self.browser is None:
            return PlainActor(self, name, number)
        return BrowserActor(self, name, number, **how)

    def reads(self, statement):
        """Ask the database beside the pages."""
        with database(self.office.app).readers() as session:
            found = session.execute(statement).all()
            session.expunge_all()
        return found

    def key_of(self, number):
        ((key,),) = self.reads(select(Person.id).where(Person.id_number == number))
        return key
