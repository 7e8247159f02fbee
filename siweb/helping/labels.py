"""The words of mandates between people."""

from flask_babel import lazy_gettext as _l

from siweb.auth.tables.help_mandate import HelpBasis, HelpKind

KINDS = {
    HelpKind.CERTIFICATION: _l("Certify that they draw their benefit rightly"),
    HelpKind.RECORD_CHECK: _l("Check their record in the annual review"),
    HelpKind.BASE_CHOICE: _l("Choose their contribution base"),
    HelpKind.MEDICAL_STATUS: _l("State how they have medical insurance"),
    HelpKind.RECORD: _l("Read their record, account and benefits"),
    HelpKind.PAPERS: _l("Read their papers and get certificates"),
}
BASES = {
    HelpBasis.CODE: _l("given by code"),
    HelpBasis.PAPER: _l("given by a signed form"),
    HelpBasis.GUARDIANSHIP: _l("guardian by a court or committee"),
}
REFUSALS = {
    "not_own": _l("A code is made by the person themselves, signed in as themselves."),
    "too_many_codes": _l(
        "%(most)s of your codes for helpers are open. Take one back that you do not need."
    ),
    "does_not_fit": _l(
        "This code does not fit. Compare it with the person: it is good for one day and once, and "
        "only for the helper whose name they entered."
    ),
    "self": _l("Helper and helped are one person."),
    "dead": _l("One of the two is registered as dead."),
    "minor": _l("A helper is 18 years old at least."),
    "staff": _l(
        "Who works at the agency helps none of those whom it serves. Ask another relative, or let "
        "a colleague do it."
    ),
    "too_many_people": _l(
        "The helper has mandates of %(most)s people already. Who helps more is appointed by the "
        "agency."
    ),
    "too_many_helpers": _l("%(most)s people help already. One of them has to be ended first."),
    "day_before": _l("This date has passed. Enter today or a later date."),
    "too_long": _l("The last day is too far away. The longest is %(most)s days from today."),
    "no_account": _l("The helper has no account yet, and opens one first."),
    "guarded": _l(
        "A guardian acts for this person, so no code is made or used for them. Come with the "
        "guardian to the agency’s counter: another helper is entered there from a signed form."
    ),
    "guardian": _l(
        "A guardian is named by a court or committee, and only they can change it. If they have, "
        "bring their paper to the agency’s counter: when a second person there has checked it, it "
        "ends and you are told."
    ),
    "over": _l("This mandate has already ended."),
    "appointed": _l("This person is appointed here already."),
}
