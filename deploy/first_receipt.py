"""Certify as a demonstration's overdue pension recipient would, and print the receipt's number.

It reads what `siweb demo` printed and needs nothing but Python: no part of siweb is in it.
"""

import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

HIDDEN = re.compile(r'name="(csrf_token|seen)"[^>]*? value="([^"]*)"')
ANSWERS = {
    "method": {"method": "self"},
    "residence": {
        "residence": "elsewhere",
        "place": "苏州",
        "mobile": "13800001234",
        "declared": "y",
    },
}


class Browser:
    """Cookies, redirects and forms; nothing more is needed of one."""

    def __init__(self, office: str) -> None:
        self._office = office
        self._open = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        ).open

    def get(self, path: str) -> tuple[str, str]:
        """Return where one came to, and the page."""
        return self._answer(urllib.request.Request(self._office + path))  # noqa: S310

    def send(self, path: str, typed: dict[str, str], page: str | None = None) -> tuple[str, str]:
        """Send a form as the page had it, with what was typed; return as `get` does."""
        hidden = dict(HIDDEN.findall(self.get(path)[1] if page is None else page))
        data = urllib.parse.urlencode(hidden | typed).encode()
        return self._answer(urllib.request.Request(self._office + path, data))  # noqa: S310

    def _answer(self, request: urllib.request.Request) -> tuple[str, str]:
        request.add_header("Accept-Language", "en")
        with self._open(request, timeout=60) as answer:
            path = urllib.parse.urlsplit(answer.url).path
            return path, answer.read().decode()


def main() -> None:
    """Sign in, begin, answer, send."""
    printed = sys.stdin.read()
    found = re.search(r"^ +(\S+)  (\S+)  Pension recipient \(overdue\)", printed, re.MULTILINE)
    if found is None:
        sys.exit("The office printed no sign-in of a pension recipient.")
    browser = Browser(sys.argv[1])
    browser.send("/sign-in", {"id_number": found[1], "password": found[2]})
    page = browser.get("/reviews")[1]
    campaign = re.search(r'name="campaign" value="(\d+)"', page)
    if campaign is None:
        sys.exit("Nothing is due for the recipient.")
    came_to, _page = browser.send("/reviews/start", {"campaign": campaign[1]}, page)
    case = "/".join(came_to.split("/")[:3])
    for step, typed in ANSWERS.items():
        browser.send(f"{case}/steps/{step}", typed)
    came_to, page = browser.send(f"{case}/check", {})
    receipt = re.search(r'href="(/documents/[^"]+)"', page)
    if receipt is None and not came_to.startswith("/documents/"):
        sys.exit(f"No receipt: the way ended at {came_to}.")
    sys.stdout.write(f"A receipt: {receipt[1] if receipt else came_to}\n")


if __name__ == "__main__":
    main()
