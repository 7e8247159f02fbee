"""Who walks through the demonstration office, what they begin first, and every page they then see.

A new page is visited by itself as soon as another page links to it for one of these people. What
only shows after something was begun (a step, a filing, an error) is begun in BEGINNINGS.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from werkzeug.exceptions import NotFound

from siweb.jobs.worker import run_next_job
from siweb.web.database import database
from tests.pages.read_page import ReadPage

# Whatever changes how pages look, or leads out of the sign-in, is tried elsewhere.
# The last one leads away, to the provider.
LEFT_OUT = ("/preferences/", "/static/", "/account/stay", "/sign-in/linked")
ALIKE = 6  # so many addresses of one view are enough for each person


@dataclass(frozen=True)
class Seen:
    """One page as one person saw it."""

    who: str | None
    address: str
    endpoint: str
    templates: tuple[str, ...]
    status: int
    type: str
    body: bytes
    statements: tuple[str, ...]

    @cached_property
    def read(self):
        """Read once, for all that holds for every page."""
        return ReadPage(self.body.decode())

    def __str__(self):
        return f"{self.who or 'nobody'} {self.address}"


class Walk:
    """One person's way through the office in the test's client."""

    def __init__(self, office, who, sign_ins, watch):
        self.office, self.who, self.sign_ins, self.watch = office, who, sign_ins, watch
        self.client = office.test_client()
        self.seen = []

    def sign_in(self):
        one = self.sign_ins[self.who]
        answer = self.client.post(
            "/sign-in", data={"id_number": one["id_number"], "password": one["password"]}
        )
        assert answer.status_code == 303

    def look(self, address, **values):
        """Open one address, or send a form to it when there are values."""
        with self.watch() as (templates, statements):
            answer = self.client.post(address, **values) if values else self.client.get(address)
        self.seen.append(
            Seen(
                self.who,
                address,
                self._endpoint(address, "POST" if values else "GET"),
                tuple(templates),
                answer.status_code,
                answer.mimetype,
                answer.data,
                tuple(statements),
            )
        )
        return answer

    def send(self, address, /, **data):
        """Send a form that goes on to another page; return where to."""
        answer = self.look(address, data=data)
        assert answer.status_code == 303, (address, ReadPage(answer.text).headings, answer.text)
        return answer.location

    def work(self):
        """Let a worker do what waits in the background."""
        while run_next_job(database(self.office).writers, "walk"):
            pass

    def everywhere(self, *starts):
        """Follow every link from where one starts, some of each kind."""
        waiting, known, alike = ["/", *starts], set(), Counter()
        while waiting:
            address = waiting.pop(0).partition("#")[0]
            if address in known or address.startswith(LEFT_OUT):
                continue
            known.add(address)
            endpoint = self._endpoint(address)
            if alike[endpoint] >= ALIKE:
                continue
            answer = self.look(address)
            alike[endpoint] += 1
            if answer.status_code in (301, 302, 303):
                waiting.append(answer.location)
            elif answer.mimetype == "text/html":
                waiting.extend(self.seen[-1].read.pages)

    def _endpoint(self, address, method="GET"):
        try:
            urls = self.office.url_map.bind("localhost")
            return urls.match(urlsplit(address).path, method=method)[0]
        except NotFound:
            return "nowhere"
