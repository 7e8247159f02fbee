"""What a page consists of, read from its HTML without a browser."""

from collections import Counter
from html.parser import HTMLParser

LABELLED = {"input", "select", "textarea"}
UNLABELLED_TYPES = {"hidden", "submit", "button"}


class ReadForm:
    """A form: how and where it is sent, its fields, and its submit buttons in document order."""

    def __init__(self, attributes):
        self.method = attributes.get("method", "get").lower()
        self.action = attributes.get("action", "")
        self.names = []
        self.submits = []

    def add(self, tag, attributes):
        kind = attributes.get("type", "submit" if tag == "button" else "text")
        if tag in {"button", "input"} and kind in {"submit", "image"}:
            self.submits.append(attributes)
        else:
            self.names.append(attributes.get("name"))

    def __repr__(self):
        return f"form {self.method} {self.action} {self.names}"


class ReadPage(HTMLParser):
    """A page's links, forms, headings, ids, and what has no label."""

    def __init__(self, html):
        super().__init__()
        self.language = None
        self.links = []
        self.ids = Counter()
        self.headings = []
        self.fields = []
        self.labels = set()
        self.inline = []
        self.buttons = []
        self.forms = []
        self.texts = []
        self._open = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if "id" in found:
            self.ids[found["id"]] += 1
        if tag == "html":
            self.language = found.get("lang")
        if tag in ("a", "link", "img", "script") and "download" not in found:
            self.links.append((tag, found.get("href") or found.get("src") or ""))
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(int(tag[1]))
        if tag == "label":
            self.labels.add(found.get("for"))
        if tag in LABELLED and found.get("type") not in UNLABELLED_TYPES:
            self.fields.append((found.get("id"), found.get("name"), found.get("aria-label")))
        if tag == "button":
            self.buttons.append((found.get("name"), found.get("value")))
        self._read_form(tag, found)
        if tag == "style" or "style" in found or any(name.startswith("on") for name in found):
            self.inline.append(self.get_starttag_text())

    def _read_form(self, tag, found):
        if tag == "form":
            self.forms.append(ReadForm(found))
            self._open.append(self.forms[-1])
        if self._open and tag in {"input", "button", "select", "textarea"}:
            self._open[-1].add(tag, found)

    def handle_endtag(self, tag):
        if tag == "form":
            self._open.pop()

    def handle_data(self, data):
        if data.strip():
            self.texts.append(data.strip())

    @property
    def pages(self):
        """Addresses of this office that the page leads to."""
        return [href for tag, href in self.links if tag == "a" and href.startswith("/")]

    @property
    def unlabelled(self):
        """Names of fields that no label belongs to."""
        return [name for id_, name, said in self.fields if not said and (id_ not in self.labels)]

    def value_of(self, name):
        """The value of the first button of this name."""
        return next(value for found, value in self.buttons if found == name)
