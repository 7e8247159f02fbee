"""Sign-in keyed to the citizen ID, sessions, access to routes."""
