"""Templates under one strict policy: nothing inline, nothing from elsewhere, every form sealed."""

import ast
import re
from io import BytesIO

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from tests.architecture.sources import PACKAGE, ROOT, TEMPLATES, files, shown, tree

PAGES = files(TEMPLATES, ".html")
INLINE = re.compile(
    r"""<style|\sstyle\s*=|\son[a-z]+\s*=|\shx-on|javascript:|<script(?![^>]*\ssrc=)""",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(r"""\s(?:src|href|action|hx-get|hx-post)\s*=\s*["'](?:https?:)?//""")
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
BRACKETS = re.compile(r'\((?=\{[{%])|[}][}]\)|" ?\("|[\u4e00-\u9fff]\s*[()]|[()]\s*[\u4e00-\u9fff]')
HAN, PLACE = re.compile("[\u4e00-\u9fff]"), re.compile(r"%\(\w+\)[sd]")
TRANSLATIONS = ROOT / "siweb/translations/zh_Hans"
TOKEN = re.compile(r"csrf_token|hidden_tag\(|money_form_keys\(")
# What head and foot of every page show of the visitor (siweb/web/drawn.py).
FRAME = {"here", "help", "printed_by", "printed_on", "id_end", "seconds_left", "ends_time"}


@pytest.fixture(scope="module")
def jinja():
    return Environment(autoescape=True, extensions=["jinja2.ext.i18n"])


def lines(pattern, path):
    """Where a pattern stands, tags that go over several lines included."""
    text = path.read_text("utf-8")
    return [
        f"line {text.count(chr(10), 0, found.start()) + 1}: {found.group().strip()}"
        for found in pattern.finditer(text)
    ]


def offenders(paths, wrong):
    """What `wrong` finds in each file, with the file's name."""
    return [f"{shown(path)} {found}" for path in paths for found in wrong(path)]


def test_nothing_is_inline():
    assert not offenders(PAGES, lambda path: lines(INLINE, path))


def test_nothing_comes_from_elsewhere():
    assert not offenders(PAGES, lambda path: lines(ELSEWHERE, path))


def test_every_form_that_changes_something_carries_its_token():
    def without_token(path):
        forms = FORM.findall(path.read_text("utf-8"))
        return [form[:80] for form in forms if 'method="post"' in form and not TOKEN.search(form)]

    assert not offenders(PAGES, without_token)


def test_no_form_that_asks_puts_its_token_into_the_address():
    def with_token(path):
        forms = FORM.findall(path.read_text("utf-8"))
        return [form[:80] for form in forms if 'method="post"' not in form and TOKEN.search(form)]

    assert not offenders(PAGES, with_token)


def test_brackets_are_those_of_the_readers_language():
    """Chinese has full-width ones: `in_brackets` knows, a template does not."""
    assert not offenders(PAGES, lambda path: lines(BRACKETS, path))
    assert not [
        chinese
        for path in files(TRANSLATIONS, ".po")
        for message in read_po(BytesIO(path.read_bytes()))
        for chinese in ([message.string] if isinstance(message.string, str) else message.string)
        if HAN.search(chinese) and re.search(r"[()]", PLACE.sub("", chinese))
    ]


def test_nothing_is_declared_safe(jinja):
    def declared_safe(path):
        filters = jinja.parse(path.read_text("utf-8")).find_all(nodes.Filter)
        return [f"line {node.lineno}" for node in filters if node.name == "safe"]

    assert not offenders(PAGES, declared_safe)


def test_every_imported_macro_is_used(jinja):
    def unused(path):
        whole = jinja.parse(path.read_text("utf-8"))
        imported = {
            name if isinstance(name, str) else name[1]
            for node in whole.find_all(nodes.FromImport)
            for name in node.names
        }
        return imported - {name.name for name in whole.find_all(nodes.Name)}

    assert not offenders(PAGES, unused)


def test_a_component_knows_nothing_of_the_visitor(jinja):
    def visitors(path):
        whole = jinja.parse(path.read_text("utf-8"))
        used = {name.name for name in whole.find_all(nodes.Name)}
        return used & {"g", "request", "session", "current_user"}

    assert not offenders(files(TEMPLATES / "components", ".html"), visitors)


def test_no_template_is_too_long_to_read():
    assert not offenders(PAGES, lambda path: path.read_text("utf-8").splitlines()[200:201])


def test_no_line_of_a_template_is_too_long_to_read():
    assert not offenders(PAGES, lambda path: lines(re.compile(r"^.{121,}", re.MULTILINE), path))


def test_the_script_writes_no_markup():
    writes = re.compile(r"\beval\(|innerHTML|outerHTML|document\.write")

    assert not offenders(files(ROOT / "static", "siweb.js"), lambda path: lines(writes, path))


def test_a_counted_sentence_names_its_values_as_a_template_does():
    """In `trans` a value is `{{ count }}`; `%(count)s` would be shown as it stands."""
    block = re.compile(r"\{%-?\s*trans\b(?:(?!endtrans).)*?%\(\w+\)s", re.DOTALL)
    assert not offenders(PAGES, lambda path: lines(block, path))


def test_no_page_takes_a_name_of_its_frame():
    """A list called `here` stood in the address to which a choice of language leads back."""
    taken = [
        f"{shown(path)} line {node.lineno}: {argument.arg}"
        for path in files(PACKAGE, ".py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("render_template")
        for argument in node.keywords
        if argument.arg in FRAME
    ]

    assert not taken


# What is compared with a word that no enumeration has: parts of forms, preferences, names.
NO_ENUM = {"field", "locale", "name", "short_name", "stage", "type", "type_size"}


def test_a_state_is_compared_with_one_that_there_is():
    """Of a word that no state has the other branch is shown to everybody, and nothing fails."""
    values = {
        line.value.value
        for path in files(PACKAGE, ".py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
        and any("Enum" in ast.unparse(base) for base in node.bases)
        for line in node.body
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant)
    }
    compared = [
        (shown(path), name, word)
        for path in PAGES
        for name, word in re.findall(r"\.(\w+) [!=]= [\"'](\w*)[\"']", path.read_text("utf-8"))
    ]

    assert len(compared) > 50
    assert not [each for each in compared if each[1] not in NO_ENUM and each[2] not in values]
