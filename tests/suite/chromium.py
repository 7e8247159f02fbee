"""A Chromium for the tests that need one; what is missing is said, or fails where all must run."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def chromium():
    """Where Chromium is."""
    found = next((path for path in map(shutil.which, CHROMIUMS) if path), None)
    if found is None:
        missing = f"no browser: none of {', '.join(CHROMIUMS)} is on the PATH"
        (pytest.fail if os.environ.get("SIWEB_TEST_ALL") else pytest.skip)(missing)
    return found


@pytest.fixture(scope="session")
def browser(chromium):
    # Chromium's own sandbox refuses to start as root, as in most build machines.
    arguments = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()
