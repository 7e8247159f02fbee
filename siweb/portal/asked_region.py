"""The region that an address names."""

from flask import abort

from siweb.registry.regions.load import ListedRegion, find_region
from siweb.web.database import db_session


def region_or_404(code: str) -> ListedRegion:
    """Return the region with this code; a code that nobody knows is a page that is not there."""
    region = find_region(db_session(), code)
    if region is None:
        abort(404)
    return region
