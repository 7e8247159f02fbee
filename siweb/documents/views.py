"""The pages of documents: the public verification, and one's own documents with their PDF."""

from flask import (
    Blueprint,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import helped, public, signed_in, visitor, whose
from siweb.db.reference_code import grouped
from siweb.documents.find import (
    find_own_document,
    own_documents,
    verifications_of,
    verified_last,
)
from siweb.documents.forms import VerifyForm
from siweb.documents.kinds import KINDS, VERIFICATION_RESULTS
from siweb.documents.payload import Value
from siweb.documents.proof.office_key import proof_of
from siweb.documents.revoke import revoked_because
from siweb.documents.secret import document_secret
from siweb.documents.shown import shown_document
from siweb.documents.tables.document import Document
from siweb.documents.tables.verification import VerificationResult
from siweb.documents.typesetting.figure_text import value_text
from siweb.documents.typesetting.paper import (
    content_words,
    render_paper,
)
from siweb.documents.typesetting.qr import BORDER, proof_qr
from siweb.documents.verification_code import short_code, verification_code
from siweb.documents.verify import VerificationPaused, address_hash, verify_document
from siweb.web.addresses import public_address
from siweb.web.database import db_session, write_session, writes
from siweb.web.language.locale import preferences
from siweb.web.paging import page_asked
from siweb.web.visitor import who

blueprint = Blueprint("documents", __name__)
blueprint.add_app_template_filter(grouped)
blueprint.add_app_template_filter(clock.office_day)
blueprint.add_app_template_filter(KINDS.__getitem__, "document_kind")
PAGE = 25
# The browser's own viewer shows it; nothing else may come out of it.
_PDF_POLICY = "default-src 'none'; object-src 'self'; frame-ancestors 'none'"


@blueprint.app_template_filter("figure")
def figure(value: Value) -> str:
    """Return a value of a payload in the reader's language."""
    return value_text(value, preferences().locale)


@blueprint.get("/verify")
@public
def show_verify() -> str | tuple[str, int] | Response:
    """Show the form; a typed code leads to the address that a scanned one leads to."""
    if "code" not in request.args:
        return render_template("documents/verify.html", form=VerifyForm(None))
    form = VerifyForm(request.args)
    if not form.validate():
        return render_template("documents/verify.html", form=form), 422
    if form.is_reference:
        return redirect(url_for("documents.show_document", reference=form.typed), 303)
    return redirect(url_for("documents.show_verification", code=form.typed), 303)


@blueprint.get("/verify/<code>")
@public
@writes
def show_verification(code: str) -> tuple[str, int] | Response:
    """Show what the paper says, its holder's name masked."""
    asked_from = address_hash(document_secret(), request.remote_addr or "")
    with write_session() as session:
        try:
            found = verify_document(
                session,
                code,
                address_hash=asked_from,
                on=clock.today(),
                at=clock.now(),
                by_person_id=None if who() is None else visitor().person_id,
            )
        except VerificationPaused as paused:
            session.commit()
            answer = make_response(render_template("web/error.html", code=429, reference=None), 429)
            answer.retry_after = paused.until
            return answer
        session.commit()
    status = 404 if found.result is VerificationResult.UNKNOWN else 200
    document = found.document if found.result is VerificationResult.VALID else None
    page = render_template(
        "documents/verification.html",
        result=found.result,
        title=VERIFICATION_RESULTS[found.result],
        kind=KINDS[document.kind] if document else None,
        # By telephone nobody reads what stands on the paper: a short code says only what it is.
        short=document if found.is_by_short_code else None,
        shown=shown_document(document, preferences().locale)
        if document and not found.is_by_short_code
        else None,
    )
    return page, status


@blueprint.get("/documents")
@signed_in
def show_documents() -> str:
    page = page_asked()
    papers, has_more = own_documents(
        db_session(),
        whose(),
        _account(),
        on=clock.today(),
        most=PAGE,
        page=page,
    )
    return render_template(
        "documents/documents.html",
        papers=papers,
        verified=verified_last(db_session(), papers),
        has_more=has_more,
        page=page,
    )


@blueprint.get("/documents/<reference>")
@signed_in
def show_document(reference: str) -> str:
    document = _own(reference)
    code = verification_code(document_secret(), document.reference)
    return render_template(
        "documents/document.html",
        document=document,
        kind=KINDS[document.kind],
        words=content_words(document, preferences().locale),
        results=VERIFICATION_RESULTS,
        code=code,
        short=short_code(document.reference),
        qr=proof_qr(proof_of(document).qr_text).svg_data_uri(border=BORDER, light="#fff"),
        verifications=verifications_of(db_session(), document.id),
        is_expired=document.is_expired(clock.today()),
        because=revoked_because(db_session(), document) if document.revoked_at else None,
    )


@blueprint.get("/documents/<reference>.pdf")
@signed_in
def send_paper(reference: str) -> Response:
    return paper_answer(_own(reference))


def paper_answer(document: Document) -> Response:
    """Return the PDF of a document in the reader's language; whoever asks may see it."""
    code = verification_code(document_secret(), document.reference)
    proof = proof_of(document)
    answer = make_response(
        render_paper(
            document,
            preferences().locale,
            _verify_address(),
            code,
            proof,
            is_large=preferences().type_size == "large",
        )
    )
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{document.reference}.pdf"'
    answer.headers["Content-Security-Policy"] = _PDF_POLICY
    return answer


def _own(reference: str) -> Document:
    document = find_own_document(db_session(), reference, whose(), _account(), on=clock.today())
    if document is None:
        abort(404)
    return document


def _account() -> int:
    """Return whose mandates for employers open papers: of whom somebody helps, nobody's."""
    # 0 is no account's number.
    return visitor().account_id if helped() is None else 0


def _verify_address() -> str:
    """Return the public address of the verification, as papers print it."""
    return public_address(url_for("documents.show_verify"))
