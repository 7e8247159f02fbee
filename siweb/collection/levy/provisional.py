"""Figures whose time has passed: the levy asks before it bills with them (补差 follows later).

Limits are new every payment year, and notices come up to a year late. Until then the last ones are
used and adjusted later; a rate whose notice has ended is not used at all: its insurance waits.
"""

from typing import Any

from siweb.collection.levy.terms import LEVIED_SCHEMES
from siweb.rules.parameters.parameter_set import ParameterSet
from siweb.rules.parameters.staleness import ended_rates, stale_limits

Facts = list[dict[str, Any]]


def provisional_figures(parameters: ParameterSet) -> Facts:
    """Return what a month would be billed with though its notice is missing, as JSON holds it.

    Each has the `key` of the figure, the `notice` it still goes by, and the first month `since`
    which a newer one is missing; one whose rate has ended `waits`: nothing is billed of it.
    """
    found: dict[str, dict[str, Any]] = {}
    for scheme in LEVIED_SCHEMES:
        for stale in stale_limits(parameters, scheme):
            found[stale.source.key] = {
                "key": stale.source.key,
                "notice": stale.source.notice,
                "since": stale.since,
                "waits": False,
            }
        for source in ended_rates(parameters, scheme):
            found[source.key] = {
                "key": source.key,
                "notice": source.notice,
                "since": source.effective_to,
                "waits": True,
            }
    return [found[key] for key in sorted(found)]
