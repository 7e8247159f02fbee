"""The visitors of a measured office, for Locust (`make load`): phones, employers, the desk, papers.

Everything here runs in Locust's environment, which knows nothing of siweb: what there is to visit
comes as JSON, and what was found goes back as lines of JSON.
"""

import json
import os
import random
import re
import time
from itertools import count
from pathlib import Path

from locust import HttpUser, events, task

OFFICE = json.loads(Path(os.environ["SIWEB_LOAD_OFFICE"]).read_text("utf-8"))
# Closed when Locust quits.
FOUND = Path(os.environ["SIWEB_LOAD_FOUND"]).open("w", encoding="utf-8")  # noqa: SIM115
# What a phone sends; the office answers in Chinese.
BROWSER = {"Accept": "text/html", "Accept-Language": "zh-CN,zh;q=0.9", "User-Agent": "load"}
HIDDEN = re.compile(r'<input(?=[^>]* type="hidden")(?=[^>]* name="([^"]+)")[^>]* value="([^"]*)"')
NEXT = count()
# Nobody is hired twice: each round has people of its own.
HIRES = OFFICE["hires"][int(os.environ["SIWEB_LOAD_ROUND"]) :: 2]
PAGE, SENT = 200, 303
# As the browser that got them: another of the same name would stand beside what a page sets.
HOST = "127.0.0.1"
PACE = float(os.environ["SIWEB_LOAD_PACE"])
# A check is counted, noted and told to the holder: whoever asks for it writes.
CHECKED = "a paper checked"


@events.request.add_listener
def keep(request_type, name, response_time, response, exception, start_time, **_rest):
    """Keep each request as it was: the report counts, and nothing is averaged away here."""
    line = {
        "name": name,
        "is_write": request_type == "POST" or name == CHECKED,
        "at": start_time,
        "ms": response_time,
        "status": getattr(response, "status_code", 0) or 0,
        "failed": str(exception) if exception else "",
    }
    FOUND.write(json.dumps(line) + "\n")


@events.quitting.add_listener
def close(**_rest):
    FOUND.close()


class Visitor(HttpUser):
    """Somebody with a browser who does one thing after the other, so many a second in the middle."""

    abstract = True
    group = ""
    pace = random.Random(1)
    next_at = 0.0

    def wait_time(self):
        """Return how long to the next task: nobody asks in step with others, or waits for them.

        Of the tasks some ask twice or three times: a form is read before it is sent.
        """
        now = time.monotonic()
        self.next_at = (self.next_at or now) + self.pace.expovariate(PACE)
        return max(self.next_at - now, 0)

    def on_start(self):
        among = OFFICE[self.group]
        self.mine = among[next(NEXT) % len(among)] if among else {}
        self.client.headers.update(BROWSER)
        for pair in filter(None, self.mine.get("cookie", "").split("; ")):
            self.client.cookies.set(*pair.split("=", 1), domain=HOST, path="/")
        time.sleep(self.wait_time())

    def read(self, path, name, wanted=PAGE):
        with self.client.get(path, name=name, allow_redirects=False, catch_response=True) as page:
            return self.judge(page, wanted)

    def send(self, path, name, form, page):
        data = {**dict(HIDDEN.findall(page.text)), **form}
        # Filled in as a person would, not within a hundredth of a second.
        time.sleep(0.2)
        with self.client.post(
            path, data, name=name, allow_redirects=False, catch_response=True
        ) as answer:
            return self.judge(answer, SENT)

    @staticmethod
    def judge(answer, wanted):
        if answer.status_code == wanted:
            answer.success()
        else:
            answer.failure(f"{answer.status_code} instead of {wanted}")
        return answer


class Citizen(Visitor):
    weight, group = 5, "citizens"

    @task(3)
    def home(self):
        self.read("/", "citizen: home")

    @task(3)
    def record(self):
        self.read(OFFICE["record"], "citizen: record of a year")

    @task(4)
    def step(self):
        path = f"/reviews/{self.mine['review']}/steps/contact"
        page = self.read(path, "citizen: a wizard's step")
        if page.status_code == PAGE:
            form = {"name_is": "right", "mobile": f"1380000{next(NEXT) % 10_000:04d}"}
            self.send(path, "citizen: a step sent", form, page)


class Employer(Visitor):
    weight, group = 2, "employers"

    @task(2)
    def home(self):
        self.read(self.mine["home"], "employer: home")

    @task(2)
    def filings(self):
        self.read(f"{self.mine['home']}/filings", "employer: filings")

    @task(2)
    def hire(self):
        path = f"{self.mine['home']}/hire"
        page = self.read(path, "employer: a form")
        if page.status_code != PAGE or not HIRES:
            return
        filed = self.send(path, "employer: a draft made", HIRES.pop(), page)
        if filed.status_code == SENT:
            draft = filed.headers["Location"]
            page = self.read(draft, "employer: a draft")
            self.send(f"{draft}/confirm", "employer: a filing sent", {}, page)


class Clerk(Visitor):
    weight, group = 2, "clerks"

    @task
    def queue(self):
        self.read("/desk", "desk: what waits")

    @task
    def search(self):
        name = OFFICE["names"][next(NEXT) % len(OFFICE["names"])]
        self.read(f"/desk/search?q={name}", "desk: search")


class Checker(Visitor):
    weight, group = 1, "papers"

    @task
    def check(self):
        # Each from a home of their own: who tries thirty codes from one is told to wait.
        number = next(NEXT)
        self.client.headers["X-Forwarded-For"] = (
            f"10.{number // 40000}.{number // 200 % 200}.{number % 200 + 1}"
        )
        self.read(f"/verify/{self.mine['code']}", CHECKED)
