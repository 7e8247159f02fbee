"""What everybody in the month does alike, with a browser or without: open, fill in, send, read."""

import re
from datetime import timedelta

from siweb import clock
from tests.auth.second_factor import code_at
from tests.cli.office.new_office import PASSWORD


class Actor:
    """Somebody who knows their number and password, and has an app once it is set up."""

    def __init__(self, stage, name, number, **how):
        self.stage, self.name, self.number = stage, name, number
        self.secret = None
        self.begin(**how)

    def open(self, address):
        """Open a page; whoever is asked for a sign-in or a code gives it."""
        self._go(address)
        self._let_in()
        return self.says()

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
        (secret,) = re.findall(r"<dd>([A-Z2-7 ]{39})</dd>", self.content())
        self.secret = secret.replace(" ", "")
        self._fill({"code": self._code(), "given": self.given})

    def send(self, address, /, *, at=None, file=None, button=None, **typed):
        """Open a page, fill its form in and send it; return what the page says then."""
        self.open(address)
        return self.go_on(at=at, file=file, button=button, **typed)

    def go_on(self, *, at=None, file=None, button=None, **typed):
        """Fill in a form of the page that is open, and send it."""
        self._fill(typed, at, file, button)
        self._let_in()
        assert not self.is_refused(), (self.url, self.says())
        return self.says()

    def follow(self, begins):
        """Follow the first link of the page to an address that begins so."""
        found = next((each for each, _words in self.links() if each.startswith(begins)), None)
        assert found, (self.url, begins, self.links())
        return self.open(found)

    def approve(self):
        """Check and approve the one task that waits for this person."""
        self.open("/desk?kind=task")
        self.follow("/desk/tasks/")
        self._fill({}, "/approve")
        self._let_in()
        return self.says()

    def _let_in(self):
        """Sign in, or prove the second factor, where the page asks for it; then go on."""
        if self.url.partition("?")[0].endswith("/sign-in"):
            self._fill({"id_number": self.number, "password": PASSWORD})
        if "/second-factor/set-up" in self.url and self.secret is None:
            self.set_up_factor()
        if "/second-factor/prove" in self.url:
            self._fill({"code": self._code()})
        if "/account/kept/" in self.url:
            # What was being sent when the code was asked for is sent now.
            self._fill({})

    def _code(self):
        # No code is taken twice: each is of a new half minute.
        self.stage.time.shift(timedelta(seconds=30))
        return code_at(clock.now(), self.secret)
