"""Wiring only: one app from one set of settings."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from siweb import schema
from siweb.audit.access_log.store import open_access_log
from siweb.audit.chain.hashing import ChainKeys
from siweb.audit.chain.sealer import Sealer, start_sealing
from siweb.auth.credentials.linked.provider import PROVIDER, Provider
from siweb.auth.views import blueprint as auth
from siweb.collection.assessments.views import blueprint as assessments
from siweb.collection.bills.views import blueprint as bills
from siweb.collection.corrections.views import blueprint as corrections
from siweb.collection.monthly.views import blueprint as monthly
from siweb.collection.online.demonstration.views import blueprint as demonstration_bank
from siweb.collection.online.gateways import gateway_of
from siweb.collection.online.views import blueprint as online
from siweb.collection.own_accounts.views import blueprint as own_accounts
from siweb.collection.payments.allocation_order import order_of
from siweb.collection.payments.office_order import EXTENSION as ORDER
from siweb.complaints.views import blueprint as complaints
from siweb.data_copies.views import blueprint as data_copies
from siweb.data_copies.views import desk as copy_desk
from siweb.desk.arrears.write_off.views import blueprint as arrears_desk
from siweb.desk.assessments.hire_reports.views import blueprint as hire_reports
from siweb.desk.assessments.views import blueprint as assessment_desk
from siweb.desk.checking import once
from siweb.desk.complaints.views import blueprint as complaint_desk
from siweb.desk.corrections.accounts.views import blueprint as account_correction_desk
from siweb.desk.corrections.benefits.views import blueprint as benefit_correction_desk
from siweb.desk.corrections.identity.views import blueprint as identity_desk
from siweb.desk.corrections.merging.views import blueprint as merging_desk
from siweb.desk.corrections.separating.views import blueprint as separating_desk
from siweb.desk.corrections.views import blueprint as correction_desk
from siweb.desk.employers.counter.views import blueprint as employer_counter
from siweb.desk.employers.views import blueprint as employer_desk
from siweb.desk.home.views import blueprint as desk
from siweb.desk.levy.views import blueprint as levy_desk
from siweb.desk.payments.payouts.views import blueprint as payout_desk
from siweb.desk.payments.views import blueprint as payment_desk
from siweb.desk.people.case_notes import cases as noted_cases
from siweb.desk.people.case_notes.views import blueprint as note_desk
from siweb.desk.people.counter.views import blueprint as counter_desk
from siweb.desk.people.helping.views import blueprint as help_desk
from siweb.desk.people.pensions.views import blueprint as pension_desk
from siweb.desk.people.service.views import blueprint as service_desk
from siweb.desk.people.transfers.views import blueprint as transfer_desk
from siweb.desk.people.views import blueprint as people_desk
from siweb.desk.reviews.benefits.views import blueprint as benefit_desk
from siweb.desk.reviews.campaigns.reopening.views import blueprint as campaign_desk
from siweb.desk.reviews.phone.views import blueprint as phone_desk
from siweb.desk.reviews.signs.views import blueprint as sign_desk
from siweb.desk.reviews.tasks.views import blueprint as review_tasks
from siweb.desk.reviews.views import blueprint as review_desk
from siweb.desk.search.views import blueprint as search_desk
from siweb.desk.staff.agencies.views import blueprint as agency_desk
from siweb.desk.staff.keeping.views import blueprint as keeping_desk
from siweb.desk.staff.office.views import blueprint as office_desk
from siweb.desk.staff.old_data.views import blueprint as old_data_desk
from siweb.desk.staff.parameters.views import blueprint as parameter_desk
from siweb.desk.staff.programs.views import blueprint as program_desk
from siweb.desk.staff.relatives.views import blueprint as relative_desk
from siweb.desk.staff.views import blueprint as staff_desk
from siweb.desk.statements.entries.views import blueprint as entry_desk
from siweb.desk.statements.views import blueprint as statement_desk
from siweb.desk.tasks import actions, two_people
from siweb.desk.tasks.evidence.views import blueprint as evidence_desk
from siweb.desk.tasks.limits.views import blueprint as limit_desk
from siweb.desk.tasks.views import blueprint as task_desk
from siweb.disclosures import install as disclosures
from siweb.doctor.gauges import office_gauges
from siweb.doctor.views import blueprint as doctor
from siweb.documents.proof.journal.line import journal_folder
from siweb.documents.proof.journal.note import hold_journal
from siweb.documents.proof.signers import office_signers
from siweb.documents.proof.views import blueprint as proof
from siweb.documents.views import blueprint as documents
from siweb.evidence import drafts as evidence_drafts
from siweb.evidence import labels as evidence_words
from siweb.evidence.papers import labels as papers
from siweb.evidence.scanning.scanner import VirusScanner
from siweb.evidence.views import blueprint as evidence
from siweb.extensions import csrf
from siweb.files.store import FileStore
from siweb.filings.api.tokens.views import blueprint as tokens
from siweb.filings.drafts.views import blueprint as drafts
from siweb.filings.employers.mandates.views import blueprint as mandates
from siweb.filings.employers.registration.views import blueprint as registration
from siweb.filings.employers.views import blueprint as employers
from siweb.filings.one_person.views import blueprint as one_person
from siweb.filings.uploads.views import blueprint as uploads
from siweb.filings.views import blueprint as filings
from siweb.filings.withdrawal.views import blueprint as withdrawal
from siweb.flexible.views import blueprint as flexible
from siweb.helping import guard as helping_guard
from siweb.helping.views import blueprint as helping
from siweb.ledgers.access_log.views import blueprint as access_log
from siweb.ledgers.certificates.views import blueprint as certificates
from siweb.ledgers.views import blueprint as ledgers
from siweb.monitoring import counts, json_log, traces
from siweb.pensions.views import blueprint as pensions
from siweb.portal.about.cookies import SESSION_COOKIE
from siweb.portal.about.views import blueprint as about
from siweb.portal.base_review.views import blueprint as base_review
from siweb.portal.calculators.views import blueprint as calculators
from siweb.portal.guide.views import blueprint as guide
from siweb.portal.inbox.views import blueprint as inbox
from siweb.portal.record_month.views import blueprint as record_month
from siweb.portal.views import blueprint as portal
from siweb.registry.number_keys import keys_are_kept, require_number_keys
from siweb.registry.packs import legal_periods
from siweb.registry.regions.shown_office import shown_office as read_office
from siweb.reviews.begin.views import blueprint as counter_codes
from siweb.reviews.benefits.views import blueprint as benefits
from siweb.reviews.cases.views import blueprint as review_cases
from siweb.reviews.objections.views import blueprint as objections
from siweb.reviews.views import blueprint as reviews
from siweb.secret_keys import PAPER
from siweb.settings import Settings
from siweb.share_codes.views import blueprint as share_codes
from siweb.share_codes.views import shared
from siweb.signs.views import blueprint as api
from siweb.transfers.views import blueprint as transfers
from siweb.web import addresses, assets, drawn, paging, visitor
from siweb.web.browser import csrf as forms_token
from siweb.web.browser import headers
from siweb.web.browser.sessions import OfficeSessions
from siweb.web.database import Database, close_session, open_database, writing_pages
from siweb.web.failures import errors, refused
from siweb.web.file_store import FILES
from siweb.web.forms import shown_fields
from siweb.web.language import explanations, formats, sentences, shown_office
from siweb.web.language import labels as words
from siweb.web.language.catalogues import OfficeBabel
from siweb.web.language.locale import DEFAULT_LOCALE, TRANSLATIONS, select_locale
from siweb.web.serving import ready
from siweb.web.serving.front import Front
from siweb.web.serving.limits import MEBIBYTE, Limits
from siweb.web.views import blueprint as web

PACKAGE = Path(__file__).parent
# How long one page may take before another one is begun beside it, in an office on SQLite.
_TURN_SECONDS = 0.02
# Each room's blueprint, in the order of the rooms.
BLUEPRINTS = (
    web,
    auth,
    documents,
    proof,
    ledgers,
    access_log,
    benefits,
    certificates,
    assessments,
    bills,
    monthly,
    online,
    own_accounts,
    demonstration_bank,
    registration,
    employers,
    mandates,
    one_person,
    uploads,
    drafts,
    withdrawal,
    evidence,
    complaints,
    complaint_desk,
    service_desk,
    note_desk,
    api,
    tokens,
    filings,
    share_codes,
    shared,
    helping,
    reviews,
    review_cases,
    counter_codes,
    objections,
    flexible,
    pensions,
    transfers,
    corrections,
    desk,
    review_desk,
    campaign_desk,
    phone_desk,
    review_tasks,
    benefit_desk,
    benefit_correction_desk,
    account_correction_desk,
    sign_desk,
    assessment_desk,
    levy_desk,
    people_desk,
    search_desk,
    counter_desk,
    help_desk,
    pension_desk,
    transfer_desk,
    correction_desk,
    identity_desk,
    merging_desk,
    separating_desk,
    employer_desk,
    employer_counter,
    hire_reports,
    payment_desk,
    payout_desk,
    statement_desk,
    task_desk,
    evidence_desk,
    limit_desk,
    keeping_desk,
    staff_desk,
    relative_desk,
    agency_desk,
    office_desk,
    program_desk,
    parameter_desk,
    old_data_desk,
    entry_desk,
    arrears_desk,
    doctor,
    portal,
    about,
    guide,
    calculators,
    inbox,
    record_month,
    base_review,
    data_copies,
    copy_desk,
)


class Office(Flask):
    """Flask, whose functions are all called as they are."""

    session_interface = OfficeSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function: no view of the office is a coroutine, so none is asked whether."""
        return func


def create_app(settings: Settings | None = None, database: Database | None = None) -> Flask:
    """Return the office as a WSGI application."""
    settings = settings or Settings.load()
    root = PACKAGE if (PACKAGE / "templates").exists() else PACKAGE.parent
    app = Office("siweb", template_folder=str(root / "templates"), static_folder=None)
    _configure(app, settings)
    require_number_keys(settings)
    hold_journal(journal_folder(settings))
    app.extensions["siweb_settings"] = settings
    app.extensions["siweb_paper_signers"] = office_signers(settings)
    app.extensions[PROVIDER] = Provider.of(settings)
    app.extensions["siweb_gateway"] = gateway_of(settings)
    app.extensions[ORDER] = order_of(settings)
    app.extensions["siweb_database"] = database or open_database(settings.engine_url)
    app.extensions["siweb_schema"] = schema.metadata
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    _watch(app, settings)
    OfficeBabel(app, locale_selector=select_locale)
    refused.install(app)
    csrf.init_app(app)
    forms_token.install(app)
    # Programs come with a token in a header, which no other site can make a browser send.
    csrf.exempt(api)
    shown_fields.install(app)
    visitor.install(app)
    headers.install(app)
    addresses.install(app)
    shown_office.install(app, read_office)
    drawn.install(app)
    _install_words(app)
    errors.install(app)
    paging.install(app)
    once.install(app)
    actions.install(app)
    noted_cases.install(app)
    two_people.install(app)
    evidence_words.install(app)
    papers.install(app)
    evidence_drafts.install(app, VirusScanner.of(settings))
    assets.install(app, root / "static", settings.var_dir / "static")
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.extensions[FILES] = FileStore.of(settings)
    _open_access_log(app, settings)
    app.teardown_appcontext(close_session)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    return app


def _install_words(app: Flask) -> None:
    """Let templates write figures, names, explanations and the periods of the law."""
    sentences.install(app)
    formats.install(app)
    words.install(app)
    explanations.install(app)
    legal_periods.install(app)


def create_front() -> Front:
    """Return the office of the environment's settings as the server runs it."""
    settings = Settings.load()
    json_log.write_lines(settings)
    app = create_app(settings)
    # Beside the worker's: an office whose worker stands still goes on being sealed.
    office: Database = app.extensions["siweb_database"]
    start_sealing(Sealer(office.engine, ChainKeys(settings.chain_keys())), threading.Event())
    return Front(app, settings.var_dir / "spool", limits_of(settings), writing_pages(app))


def front_of(app: WSGIApplication, settings: Settings) -> Front:
    """Return the asynchronous front of a WSGI application that writes nothing down."""
    return Front(app, settings.var_dir / "spool", limits_of(settings))


def limits_of(settings: Settings) -> Limits:
    """Return how much may be on its way; each process has its share."""
    return Limits(
        body_bytes=settings.upload_megabytes * MEBIBYTE,
        spool_bytes=settings.spool_megabytes * MEBIBYTE // settings.workers,
        turn_seconds=_TURN_SECONDS if settings.engine_url.startswith("sqlite") else None,
    )


def _watch(app: Flask, settings: Settings) -> None:
    """Count, log and look after the app: before all others, so that what they take is counted."""

    def keys_are_there() -> bool:
        return keys_are_kept(app.extensions["siweb_settings"])

    counts.install(app, office_gauges)
    json_log.install(app, settings)
    traces.install(app, settings)
    ready.install(app)
    # Before the next start fails on it.
    ready.readiness_of(app).also("keys", keys_are_there, "missing or open to others")


def _open_access_log(app: Flask, settings: Settings) -> None:
    """Let what is shown of people be noted: on SQLite in a file of its own."""
    office: Database = app.extensions["siweb_database"]
    log = open_access_log(office.engine, office.writers, settings.var_dir)
    disclosures.install(app, log)
    # Around the access log as well: whoever is let in by a mandate is noted as its helper.
    helping_guard.install(app)


def _configure(app: Flask, settings: Settings) -> None:
    logging.getLogger("siweb").setLevel(logging.INFO)
    app.config.update(
        # First the papers' own: an older office's stands in for it, a new one's must not.
        PAPER_KEY=settings.secret(PAPER),
        SECRET_KEY=settings.signing_key(),
        HTTPS=settings.https,
        DEMO=settings.demo,
        MAX_CONTENT_LENGTH=settings.upload_megabytes * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        SESSION_COOKIE_NAME=SESSION_COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.sign_in_hours),
        # The sign-in ends so long after it began: sending the cookie anew prolongs nothing.
        SESSION_REFRESH_EACH_REQUEST=False,
        # A form is good for as long as the sign-in; the session's own end is what counts.
        WTF_CSRF_TIME_LIMIT=None,
        # A browser that sends no Referer, or an office on another port, is no other site: the token
        # tells that, and the cookie that goes with it is never sent across sites.
        WTF_CSRF_SSL_STRICT=False,
        TRUSTED_HOSTS=settings.trusted_hosts,
        BABEL_DEFAULT_LOCALE=DEFAULT_LOCALE,
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        BABEL_TRANSLATION_DIRECTORIES=str(TRANSLATIONS),
    )
