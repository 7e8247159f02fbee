"""Send what a page cannot accept."""


def refuse(walk, address, /, **data):
    """Send what cannot be accepted: the page comes back with its errors."""
    assert walk.look(address, data={"seen": 0, **data}).status_code == 422, address
