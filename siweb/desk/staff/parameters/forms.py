"""The form with which a pack is handed in."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from siweb.evidence.field import ScansForm
from siweb.evidence.papers.field import paper_field
from siweb.evidence.tables.evidence_paper import PaperKind


class PackForm(ScansForm):
    """A pack, the notice that it follows, and whether earlier rows may change."""

    refused_at = MappingProxyType(
        {"history_rewritten": "rewrite", "pack_as_before": "file", "pack_unreadable": "file"}
    )

    file = FileField(
        _l("The pack (TOML)"),
        [FileRequired(_l("Choose the file."))],
        render_kw={"accept": ".toml"},
    )
    because = paper_field(
        _l("The notice that it follows"), PaperKind.LETTER, PaperKind.DECISION, PaperKind.RULES
    )
    rewrite = BooleanField(_l("It is meant to change rows that were in force"))
    dry_run = BooleanField(_l("Dry run: show what would change and keep nothing"))
