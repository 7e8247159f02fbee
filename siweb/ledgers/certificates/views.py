"""The pages on which a person asks for a certificate; the paper then stands under "my papers"."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from siweb import clock
from siweb.auth.access import actor, signed_in, whose
from siweb.auth.helping.tell import tell_helped
from siweb.documents.issue import IssuedDocument
from siweb.documents.kinds import KINDS
from siweb.documents.secret import document_secret
from siweb.documents.tables.document import DocumentKind
from siweb.ledgers.certificates.forms import CertificateForm, why
from siweb.ledgers.certificates.kinds import CERTIFICATES, issue_certificate
from siweb.messages.kinds.helping import HELP_PAPER
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out

blueprint = Blueprint("certificates", __name__, url_prefix="/certificates")


@blueprint.get("")
@signed_in
def show_certificates() -> str:
    return render_template(
        "ledgers/certificates/certificates.html", certificates=CERTIFICATES.values(), kinds=KINDS
    )


@blueprint.route("/<kind>", methods=["GET", "POST"])
@signed_in
def ask(kind: str) -> Any:
    """Issue a certificate of a kind; what cannot be certified is said in the form."""
    if kind not in set(DocumentKind) or DocumentKind(kind) not in CERTIFICATES:
        abort(404)
    certificate, today = CERTIFICATES[DocumentKind(kind)], clock.today()
    form = CertificateForm.of(certificate, today)
    issued: list[IssuedDocument] = []

    def issue() -> None:
        asked = form.asked(today)
        by: dict[str, Any] = {"secret": document_secret(), "actor": actor(), "at": clock.now()}
        issued.append(issue_certificate(db_session(), certificate.kind, whose(), asked, **by))
        paper = ("document", issued[0].reference)
        tell_helped(db_session(), HELP_PAPER, paper, actor=by["actor"], at=by["at"])

    if request.method == "POST" and form.validate() and carried_out(form, issue, why):
        address = url_for("documents.show_document", reference=issued[0].reference)
        return redirect(address, 303)
    page = render_template(
        "ledgers/certificates/certificate.html",
        certificate=certificate,
        title=KINDS[certificate.kind],
        form=form,
    )
    return page if request.method == "GET" else (page, 422)
