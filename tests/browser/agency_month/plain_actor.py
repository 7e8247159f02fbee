"""Somebody whose pages need no script: they are read and sent as a browser without any would."""

from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import urljoin, urlsplit

from tests.browser.agency_month.actor import Actor

_FIELDS = {"input", "select", "textarea"}
_NO_TEXT = {"script", "style", "template", "head"}
_MOST_REDIRECTS = 6


class Field:
    """What a form has under a name: its kind, its choices, and what is sent as it stands."""

    def __init__(self, kind):
        self.kind = kind
        self.choices = []
        self.values = []


class Form:
    def __init__(self, attributes):
        self.action = attributes.get("action") or ""
        self.method = (attributes.get("method") or "get").lower()
        self.fields = {}
        self.buttons = []

    def sent(self, typed, button):
        """Return what a browser sends; a field that is not there, or not offered, is an error."""
        data = {name: list(field.values) for name, field in self.fields.items()}
        for name, value in typed.items():
            field = self.fields[name.replace("__", "-")]
            values = [str(each) for each in (value if isinstance(value, list) else [value])]
            if field.choices:
                assert set(values) <= set(field.choices), (name, values, field.choices)
            data[name.replace("__", "-")] = values
        pressed = self._pressed(button)
        if pressed.get("name"):
            data[pressed["name"]] = [pressed.get("value") or ""]
        return pressed.get("formaction") or self.action, {
            name: values for name, values in data.items() if values
        }

    def has_button(self, words):
        return any(words is None or each["words"].startswith(words) for each in self.buttons)

    def _pressed(self, button):
        return next(
            each
            for each in reversed(self.buttons)
            if (each["words"].startswith(button) if button else not each.get("name"))
        )


class ReadMain(HTMLParser):
    """The text, the links and the forms of a page's main part."""

    def __init__(self, html):
        super().__init__()
        self.texts, self.links, self.forms, self.ids = [], [], [], set()
        self.classes = set()
        self._inside = self._silent = 0
        self._form = self._select = self._area = self._button = self._link = None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "main":
            self._inside += 1
        if tag in _NO_TEXT:
            self._silent += 1
        if not self._inside:
            return
        self.classes.update((found.get("class") or "").split())
        if tag == "a" and "href" in found:
            self._link = [found["href"], ""]
        elif tag == "form":
            self._form = Form(found)
            self.forms.append(self._form)
        elif self._form is not None:
            self._read_field(tag, found)

    def _read_field(self, tag, found):
        kind = found.get("type") or ("submit" if tag == "button" else "text")
        if tag == "button" and kind == "submit":
            self._button = {**found, "words": ""}
            self._form.buttons.append(self._button)
        elif tag == "option" and self._select is not None:
            value = found.get("value", "")
            self._select.choices.append(value)
            if "selected" in found or not self._select.values:
                self._select.values = [value]
        elif tag in _FIELDS and found.get("name"):
            kind = kind if tag == "input" else tag
            field = self._form.fields.setdefault(found["name"], Field(kind))
            if kind in {"radio", "checkbox"}:
                field.choices.append(found.get("value", "on"))
                if "checked" in found:
                    field.values.append(found.get("value", "on"))
            elif kind == "select":
                self._select = field
            elif kind == "textarea":
                self._area, field.values = field, [""]
            elif kind != "file":
                field.values = [found.get("value") or ""]

    def handle_endtag(self, tag):
        if tag in _NO_TEXT:
            self._silent -= 1
        elif tag == "main":
            self._inside -= 1
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None
        elif tag == "button":
            self._button = None
        elif tag == "a" and self._link is not None:
            self.links.append((self._link[0], " ".join(self._link[1].split())))
            self._link = None

    def handle_data(self, data):
        if self._silent or not self._inside:
            return
        self.texts.append(data)
        if self._area is not None:
            self._area.values = [self._area.values[0] + data.removeprefix("\n")]
        if self._button is not None:
            self._button["words"] = f"{self._button['words']} {data.strip()}".strip()
        if self._link is not None:
            self._link[1] += data


class PlainActor(Actor):
    """Somebody without scripts."""

    def begin(self):
        self.client = self.stage.office.app.test_client()
        self.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        self.url = "/"
        self.read = self.html = None

    def content(self):
        return self.html

    def says(self):
        return " ".join(" ".join(self.read.texts).split())

    def is_refused(self):
        return "error-summary" in self.read.classes

    def field(self, begins):
        """Return the name of the one field that begins so: its end is a number."""
        (name,) = {
            name for form in self.read.forms for name in form.fields if name.startswith(begins)
        }
        return name

    def download(self, address):
        """Return the text of a file."""
        answer = self.client.get(address)
        assert answer.status_code == 200, address
        return answer.text

    def links(self):
        return self.read.links

    def _go(self, address):
        self._shown(self.client.get(address))

    def _fill(self, typed, at=None, file=None, button=None):
        form = next(
            (
                each
                for each in self.read.forms
                if each.action.endswith(at or "") and each.has_button(button)
            ),
            None,
        )
        assert form, (self.url, at, button, self.says())
        action, data = form.sent(typed, button)
        address = urljoin(self.url, action) if action else self.url
        if form.method == "get":
            self._shown(self.client.get(address, query_string=data))
            return
        if file:
            name = next(name for name, each in form.fields.items() if each.kind == "file")
            data[name] = (BytesIO(file["buffer"]), file["name"], file["mimeType"])
        self._shown(self.client.post(address, data=data))

    def _shown(self, answer):
        for _time in range(_MOST_REDIRECTS):
            if answer.status_code not in {301, 302, 303}:
                break
            answer = self.client.get(answer.location)
        assert answer.status_code in {200, 422}, (answer.request.path, answer.status_code)
        parts = urlsplit(answer.request.url)
        self.url = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self.html = answer.text
        self.read = ReadMain(self.html)
