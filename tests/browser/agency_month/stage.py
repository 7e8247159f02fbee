"""The stage: an office that commands opened, served to browsers, with a clock that is moved on."""

import re
import threading
from datetime import timedelta

from werkzeug.serving import make_server

from siweb import clock
from siweb.jobs.worker import run_next_job
from siweb.web.database import database
from tests.cli.test_first_office import PASSWORD, NewOffice
from tests.second_factor import code_at

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 640}
REGION = "310000"


class Stage:
    """The office, its server and the clock, which stands still until it is moved."""

    def __init__(self, folder, browser, time, build_office):
        self.office = NewOffice(folder)
        self.browser = browser
        self.time = time
        self.build_office = build_office
        self.contexts = []
        self.errors = []

    def serve(self):
        self.office.serve(self.build_office)
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

    def actor(self, name, number, **how):
        return Actor(self, name, number, **how)


class Actor:
    """Somebody with a browser: a phone for citizens, a wide screen for work."""

    def __init__(self, stage, name, number, *, wide=False, scripts=True):
        self.stage, self.name, self.number = stage, name, number
        context = stage.browser.new_context(
            base_url=stage.address,
            locale="en-GB",
            viewport=WIDE if wide else PHONE,
            java_script_enabled=scripts,
        )
        stage.contexts.append(context)
        self.page = context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.on("pageerror", lambda error: stage.errors.append(str(error)))
        self.secret = None

    def open(self, address):
        """Open a page; whoever is asked for a sign-in or a code gives it."""
        self.page.goto(address)
        self._let_in()
        return self.page

    def activate(self, code):
        """Open the account with a code; staff set up their second factor."""
        self.send(
            "/activate",
            id_number=self.number,
            name=self.name,
            code=code,
            new_password=PASSWORD,
            repeated=PASSWORD,
        )

    def set_up_factor(self):
        (secret,) = re.findall(r"<dd>([A-Z2-7 ]{39})</dd>", self.page.content())
        self.secret = secret.replace(" ", "")
        self._fill({"code": self._code()})

    def send(self, address, /, *, at=None, file=None, button=None, **typed):
        """Open a page, fill its form in and send it; return what the page says then."""
        self.open(address)
        self._fill(typed, at, file, button)
        self._let_in()
        self._nothing_is_wrong()
        return self.says()

    def go_on(self, *, at=None, button=None, **typed):
        """Fill in a form of the page that is open, and send it."""
        self._fill(typed, at, None, button)
        self._let_in()
        self._nothing_is_wrong()

    def says(self):
        return self.page.locator("main").inner_text()

    def approve(self):
        """Check and approve the one task that waits for this person."""
        self.open("/desk/tasks")
        self.page.locator("main a[href^='/desk/tasks/']").first.click()
        self._fill({}, "/approve")
        self._let_in()
        return self.says()

    def _nothing_is_wrong(self):
        assert self.page.locator(".error-summary").count() == 0, (self.page.url, self.says())

    def _fill(self, typed, at=None, file=None, button=None):
        which = f"main form[action$='{at}']" if at else "main form"
        found = self.page.locator(which).first
        for name, value in typed.items():
            fields = found.locator(f"[name='{name.replace('__', '-')}']")
            kind = fields.first.get_attribute("type") or fields.first.evaluate(
                "field => field.tagName.toLowerCase()"
            )
            if kind in {"radio", "checkbox"}:
                values = value if isinstance(value, list) else [value]
                for each in fields.all():
                    each.set_checked(each.get_attribute("value") in values) if (
                        kind == "checkbox" or each.get_attribute("value") in values
                    ) else None
            elif kind == "select":
                fields.first.select_option(value)
            else:
                fields.first.fill(value)
        if file:
            found.locator("input[type=file]").set_input_files(file)
        if button:
            found.get_by_role("button", name=button).click()
        else:
            found.locator("button:not([name])").last.click()
        self.page.wait_for_load_state()

    def _let_in(self):
        """Sign in, or prove the second factor, where the page asks for it; then go on."""
        if self.page.url.partition("?")[0].endswith("/sign-in"):
            self._fill({"id_number": self.number, "password": PASSWORD})
        if "/second-factor/set-up" in self.page.url and self.secret is None:
            self.set_up_factor()
        if "/second-factor/prove" in self.page.url:
            self._fill({"code": self._code()})

    def _code(self):
        # No code is taken twice: each is of a new half minute.
        self.stage.time.shift(timedelta(seconds=30))
        return code_at(clock.now(), self.secret)
