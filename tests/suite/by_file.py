"""Which tests share one process, and in which order the processes take them."""

import re

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

# The office that the tests of all pages walk through is made once for each language.
_WALKED = re.compile(r"tests/pages/.*\[(zh-Hans|en)\b")
# Each kind of database has its own two offices that grow.
_GROWN = re.compile(
    r"(tests/pages/test_growth.py)::.*\b((?:sqlite|postgresql)-(?:statistics|none))"
)
# What takes a quarter of a minute and more of one process, the longest first. What is begun last
# decides how long all others wait for it, and how many tests there are in it says little: by their
# number a browser's month, a single test, would come last of all.
LONGEST = (
    "tests/browser/test_reviews.py",
    "tests/desk/tasks/test_two_person_walk.py",
    "tests/collection/books/test_prove.py",
    "tests/pages zh-Hans",
    "tests/disclosures",
    "tests/backup/test_commands.py",
    "tests/web/failures/test_every_route.py",
    "tests/browser/test_sheets.py",
    "tests/cli/operation/test_server.py",
    "tests/api/test_openapi.py",
    "tests/cli/development/test_bench.py",
    "tests/collection/corrections/test_correct_record.py",
    "tests/browser/agency_month/test_month.py",
    "tests/cli/operation/test_slow_visitors.py",
    "tests/pages en",
    "tests/db/migrations/test_migrations.py",
    "tests/collection/levy/bare/test_killed_levy.py",
    "tests/browser/test_saved_answers.py",
    "tests/browser/test_assessments.py",
    "tests/pages/test_growth.py postgresql-statistics",
    "tests/collection/books/test_recompute.py",
    "tests/months/test_months.py",
    "tests/collection/corrections/test_there_and_back.py",
    "tests/collection/levy/test_own_due_days.py",
    "tests/collection/levy/bare/test_levy.py",
    "tests/filings/test_killed_filings.py",
    "tests/backup/test_there_and_back.py",
    "tests/db/conversions/test_activity_chain.py",
    "tests/collection/levy/test_adjust.py",
)


class ByFile(LoadScopeScheduling):
    """A file's tests share one process, and with it whatever they all start from."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith("tests/disclosures/"):  # both walk through one demonstration
            return "tests/disclosures"
        if nodeid.startswith("tests/architecture/test_recipes.py"):  # each long, and by itself
            return nodeid
        if walked := _WALKED.match(nodeid):
            return f"tests/pages {walked[1]}"
        if grown := _GROWN.match(nodeid):
            return f"{grown[1]} {grown[2]}"
        return nodeid.partition("::")[0]

    def _assign_work_unit(self, node: WorkerController) -> None:
        longest = next((scope for scope in LONGEST if scope in self.workqueue), None)
        if longest:
            self.workqueue.move_to_end(longest, last=False)
        super()._assign_work_unit(node)
