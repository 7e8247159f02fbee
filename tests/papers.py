"""The paper of a form of the desk, as its controls send it; the forms that ask for one."""

from importlib import import_module
from pkgutil import walk_packages

import siweb.desk
from siweb.evidence.papers.field import PaperField
from siweb.web.forms.fields import PageForm


def paper(field: str, number: str = "1号", *, kind: str = "other", on: str = "2026-08-03"):
    """Return what is typed of a paper; its number is what tests look for."""
    called = "材料" if kind == "other" else ""
    return {
        f"{field}-kind": kind if number else "",
        f"{field}-called": called if number else "",
        f"{field}-number": number,
        f"{field}-issued_on": on if number else "",
    }


def forms_of_desk():
    """Return every form of the desk."""
    modules = walk_packages(siweb.desk.__path__, "siweb.desk.")
    return {
        form
        for module in modules
        if module.name.endswith(".forms")
        for form in vars(import_module(module.name)).values()
        if isinstance(form, type) and issubclass(form, PageForm)
    }


def paper_fields(form):
    """Return the fields for a paper that a form itself has, by name."""
    return {
        name: field
        for name, field in vars(form).items()
        if getattr(field, "field_class", None) is PaperField
    }


def asks_for_paper(form):
    """Return whether a form itself asks for a paper."""
    return bool(paper_fields(form))
