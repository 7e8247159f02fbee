"""What a visitor does in a browser, told in the words that the page shows in its language."""

from pathlib import Path

from babel.support import Translations

import siweb

CATALOGUES = str(Path(siweb.__file__).parent / "translations")


class Visitor:
    """One person with one browser; `taps` counts what a finger does, typing left out."""

    def __init__(self, page, language="en", *, has_scripts=True):
        self.page = page
        self.has_scripts = has_scripts
        self.taps = 0
        self.words = Translations.load(CATALOGUES, ["zh_Hans"]) if language == "zh" else None

    def say(self, sentence, **values):
        """The sentence as this visitor's pages say it."""
        found = self.words.gettext(sentence) if self.words else sentence
        if self.words and found == sentence and "count" in values:
            # Counted sentences are found by their number: older Pythons look nowhere else.
            found = self.words.ngettext(sentence, sentence, values["count"])
        return found % values if values else found

    def tap(self, role, sentence, **values):
        """Tap the one link, button, radio or checkbox that is named so, and wait for the page."""
        self.page.get_by_role(role, name=self.say(sentence, **values)).first.click()
        self.taps += 1

    def follow(self, sentence):
        self.tap("link", sentence)

    def press(self, sentence):
        self.tap("button", sentence)

    def choose(self, sentence):
        self.tap("radio", sentence)

    def type(self, label, text):
        self.page.get_by_label(self.say(label), exact=True).fill(text)

    def sees(self, sentence, **values):
        """Wait until the page has the sentence."""
        found = self.page.get_by_text(self.say(sentence, **values))
        # The head of the printed page says some of it too, unseen.
        found.locator("visible=true").first.wait_for()

    def is_at(self, title):
        """Wait for the page with this heading."""
        self.page.get_by_role("heading", level=1, name=self.say(title)).wait_for()

    def sign_in(self, who):
        """Fill in the page that asks who one is."""
        self.is_at("Sign in")
        self.type("Citizen ID number", who["id_number"])
        self.type("Password", who["password"])
        self.press("Sign in")

    def start_review(self, who):
        """From the home page to the first question of the review that is due."""
        self.page.goto("/")
        self.follow("Annual review")
        self.sign_in(who)
        self.is_at("Annual review")
        self.press("Start")

    def send(self):
        """Send what was checked, and open the receipt."""
        self.is_at("Check your answers")
        self.press("Send")
        self.follow("Show the receipt")

    def verification_address(self):
        """The address that the receipt gives to others."""
        return self.page.get_by_role("link", name=self.say("Show what others see")).get_attribute(
            "href"
        )
