"""What pages about people say: how a message went out, and why something is refused."""

from flask_babel import lazy_gettext as _l

from siweb.messages.gateways.gateway import Channel
from siweb.messages.tables.delivery import DeliveryState

# By channel and state, for staff who look up what somebody was told.
DELIVERIES = {
    (Channel.EMAIL, DeliveryState.QUEUED): _l("by e-mail: being sent"),
    (Channel.EMAIL, DeliveryState.DELIVERED): _l("by e-mail: sent out"),
    (Channel.EMAIL, DeliveryState.FAILED): _l("by e-mail: could not be sent"),
    (Channel.SMS, DeliveryState.QUEUED): _l("by text message: being sent"),
    (Channel.SMS, DeliveryState.DELIVERED): _l("by text message: sent out"),
    (Channel.SMS, DeliveryState.FAILED): _l("by text message: could not be sent"),
}
REFUSALS = {
    "month_order": _l("The last month is before the first."),
    "month_to_come": _l("The last month has not begun yet."),
    "too_many_months": _l("There are fewer months than that from the first to the last."),
    "overlaps": _l(
        "Some of these months count here already: nobody contributes twice for a month. "
        "Correct the months, or have the double payment given back first."
    ),
    "empty": _l("There is nothing in the account."),
    "enrolled": _l("The person is still insured here: the employer must report the leaving first."),
    "no_months": _l("No month of pension was paid here that could go along."),
    "temporary": _l(
        "The account here is a temporary one: nothing is transferred in, and all of it goes back "
        "when the person leaves (国办发〔2009〕66号, Article 5)."
    ),
    "temporary_already": _l("The account is a temporary one already."),
    "temporary_none": _l("The account is an ordinary one."),
    "joined_to_come": _l("This date lies in the future."),
    "not_insured": _l("The person takes part in no pension insurance here now."),
    "ordinary": _l(
        "By the age on that day, or by the household, this is an ordinary account: what was paid "
        "elsewhere may be transferred in."
    ),
    "waits_already": _l("The same change waits for its second person already."),
    "own_matter": _l("This is about yourself or a relative: leave it to a colleague."),
    "alive": _l("Register the death first."),
    "not_dead": _l("The person is not registered as dead."),
    "insured_elsewhere": _l(
        "The person now takes part elsewhere in an insurance that would go on here: end that first."
    ),
    "inherited": _l(
        "Money was ordered for the heirs. A death is not taken back here after that: tell those "
        "in charge of the agency."
    ),
    "known": _l("The death is registered already."),
    "to_come": _l("This date lies in the future."),
    "before_birth": _l("This date is before the date of birth."),
}
