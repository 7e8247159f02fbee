"""What `make test-long` asks besides: each is dear, and asks again what the suite asks elsewhere.

The statements of the desk's and the citizens' pages belong to rooms that are tested on both
databases; what two do at the same moment, and what ends sign-ins, is always asked on PostgreSQL.
"""

import os

ASKED = bool(os.environ.get("SIWEB_LONG") or os.environ.get("SIWEB_GROWN"))
# Rooms of pages alone; files that race are asked on both databases all the same.
_PAGES = ("tests/desk/", "tests/portal/", "tests/documents/")
_RACES = ("test_once.py", "test_two_people.py")


def is_long(nodeid: str) -> bool:
    """Return whether a test waits for `make test-long`."""
    place = nodeid.partition("::")[0]
    if place == "tests/browser/screenshots/test_screenshots.py":
        # Each machine has other fonts: it is asked where the kept look was made, or after it.
        return "test_pages_look" in nodeid
    if place == "tests/backup/test_under_way.py":
        # Half a minute, and each half is asked in tests/backup and tests/collection/levy.
        return True
    if place == "tests/pages/test_accessibility.py":
        # The Chinese pages have the same templates, and longer words.
        return "[en]" in nodeid
    return "postgresql" in nodeid and place.startswith(_PAGES) and not place.endswith(_RACES)
