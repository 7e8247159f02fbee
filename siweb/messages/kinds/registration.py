"""What people are told of how they are registered."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import MessageKind, Reader

DEATH_WITHDRAWN = MessageKind(
    "death_withdrawn",
    Reader.PERSON,
    _l("You were registered as dead by mistake"),
    _l(
        "That was taken back. What you were insured in and drew goes on; look through your record "
        "and sign in as before."
    ),
    "ledgers.show_years",
)
REGISTRATIONS_SEPARATED = MessageKind(
    "registrations_separated",
    Reader.PERSON,
    _l("Your registration was separated from another one"),
    _l(
        "They had been joined by mistake. Look through your record, and tell the agency if "
        "something is missing or is not yours."
    ),
    "ledgers.show_years",
)
# Neither waits to be served: the law's ages decide, and the account is put right at the desk.
TEMPORARY_ACCOUNT = MessageKind(
    "temporary_account",
    Reader.PERSON,
    _l("Your pension account here is a temporary one"),
    _l(
        "Who begins here at this age with a household in another province keeps the pension "
        "relation there (notice 66 of 2009 of the General Office of the State Council, Article 5): "
        "the pension is decided there, and the money goes there. If your age or household is "
        "registered wrongly, tell the agency."
    ),
    "ledgers.show_account",
)
TEMPORARY_ACCOUNT_ENDED = MessageKind(
    "temporary_account_ended",
    Reader.PERSON,
    _l("Your temporary pension account ended"),
    _l(
        "Either all that was in it was sent to where your pension relation is, or it is an "
        "ordinary account now (notice 66 of 2009 of the General Office of the State Council, "
        "Article 5). Your account shows which; if it is wrong, tell the agency."
    ),
    "ledgers.show_account",
)
BENEFIT_WITHDRAWN = MessageKind(
    "benefit_withdrawn",
    Reader.PERSON,
    _l("A benefit of yours was not due and ends"),
    _l(
        "It ends once this was served. Your page of benefits says from which month on it was not "
        "due, and what was paid for these months and is asked back. If it is wrong, ask for a "
        "review or go to court within the days that the notice names."
    ),
    "benefits.show_benefits",
    needs_service=True,
)
BENEFIT_BEGINS_AGAIN = MessageKind(
    "benefit_begins_again",
    Reader.PERSON,
    _l("A benefit that was to end goes on"),
    _l("See from which month on it is due. Months that were not paid meanwhile are paid later."),
    "benefits.show_benefits",
)
ACCOUNT_SET_RIGHT = MessageKind(
    "account_set_right",
    Reader.PERSON,
    _l("An amount in your individual account was set right"),
    _l(
        "It had been brought in wrongly from an earlier system. See your account; if it is not "
        "right now, tell the agency."
    ),
    "ledgers.show_account",
)
SIGN_WITHDRAWN = MessageKind(
    "sign_withdrawn",
    Reader.PERSON,
    _l("A note about you from another office was taken back"),
    _l(
        "It was not about you. Nothing rests on it any more; if you were certified by it, somebody "
        "at the agency looks at that again, and your benefit is paid meanwhile."
    ),
    "reviews.show_due",
)
# At once and each time: whoever changes it may be somebody else.
OWN_ACCOUNT_NAMED = MessageKind(
    "own_account_named",
    Reader.PERSON,
    _l("Your bank account was entered or changed"),
    _l(
        "Two members of staff look at it before money goes there. If that was not you, change your "
        "password and tell the agency at once."
    ),
    "own_accounts.name_account",
)
OWN_ACCOUNT_ENDED = MessageKind(
    "own_account_ended",
    Reader.PERSON,
    _l("Your bank account was taken away"),
    _l("If that was not you, change your password and tell the agency at once."),
    "own_accounts.name_account",
)
# How to go on, where an employer's filing ended something: nothing begins or ends by itself.
INSURED_BY_EMPLOYER = MessageKind(
    "insured_by_employer",
    Reader.PERSON,
    _l("An employer insures you now"),
    _l(
        "What you paid for yourself of the same insurances ends with the month before; you need "
        "not stop it. Bills of earlier months may be paid until their last day. When that work "
        "ends, you can insure yourself again. If you do not work there, tell the agency."
    ),
    "flexible.show_own_insurance",
)
LEFT_EMPLOYER = MessageKind(
    "left_employer",
    Reader.PERSON,
    _l("An employer reported that you left"),
    _l(
        "Your insurance there ends, and nothing begins by itself. A new employer registers you. If "
        "you work for yourself, insure yourself here: it begins in the month in which you do so. "
        "If you did not leave, tell the agency."
    ),
    "flexible.show_own_insurance",
)
EMPLOYER_TOOK_BACK = MessageKind(
    "employer_took_back",
    Reader.PERSON,
    _l("An employer took back what it reported about you"),
    _l(
        "You are insured as you were before it. See what you take part in now; if you pay for "
        "yourself, go on paying."
    ),
    "flexible.show_own_insurance",
)
# The employee is not at fault and gets nothing credited: whoever is owed months has to hear of it.
MONTHS_WRITTEN_OFF = MessageKind(
    "months_written_off",
    Reader.PERSON,
    _l("What an employer owed for you cannot be collected"),
    _l(
        "It is bankrupt or deregistered, and months of yours stay unpaid. Your record shows which; "
        "open a month to see what it means, or ask the agency."
    ),
    "ledgers.show_years",
)
RECORD_SET_RIGHT = MessageKind(
    "record_set_right",
    Reader.PERSON,
    _l("Your contribution record was corrected"),
    _l("Read which months changed, on which paper that rests, and what you can do about it."),
    "corrections.show_corrections",
)
RECORD_REDUCED = MessageKind(
    "record_reduced",
    Reader.PERSON,
    _l("Something was taken out of your contribution record"),
    _l("Read which months changed, on which paper that rests, and what you can do about it."),
    "corrections.show_corrections",
    needs_service=True,
)
IDENTITY_CORRECTED = MessageKind(
    "identity_corrected",
    Reader.PERSON,
    _l("Your name, sex, birth date or ID number was corrected"),
    _l("Read what changed and on which paper it rests. If it is wrong, tell the agency."),
    "corrections.show_corrections",
)
REGISTRATIONS_JOINED = MessageKind(
    "registrations_joined",
    Reader.PERSON,
    _l("Two registrations of yours were joined"),
    _l("See what they were, and sign in with either number. If it is wrong, tell the agency."),
    "corrections.show_corrections",
)
INJURY_RATE_DECIDED = MessageKind(
    "injury_rate_decided",
    Reader.EMPLOYER,
    _l("The agency decided your rate for work injury"),
    _l("Read which class and tier hold from when on."),
    "registration.show",
)
# A higher rate holds with the month after this was served, and never for months billed by then.
INJURY_RATE_RAISED = MessageKind(
    "injury_rate_raised",
    Reader.EMPLOYER,
    _l("The agency raises your rate for work injury"),
    _l(
        "It holds at the earliest with the month after this was served. Read which class and tier, "
        "and what you can do about it."
    ),
    "registration.show",
    needs_service=True,
)
EMPLOYER_CONFIRMED = MessageKind(
    "employer_confirmed",
    Reader.EMPLOYER,
    _l("The agency confirmed the registration"),
    _l("What you prepared can be sent now: register each employee within 30 days of hiring."),
    "registration.show",
)
# As with a bank account: whoever sends it may be somebody else.
OWN_INSURANCE_BEGUN = MessageKind(
    "own_insurance_begun",
    Reader.PERSON,
    _l("You insure yourself now"),
    _l("See which insurances, since which month, and how you pay. If that was not you, stop it."),
    "flexible.show_own_insurance",
)
OWN_INSURANCE_STOPPED = MessageKind(
    "own_insurance_stopped",
    Reader.PERSON,
    _l("What you insured yourself ends with this month"),
    _l("See what you still take part in. If that was not you, tell the agency at once."),
    "flexible.show_own_insurance",
)
