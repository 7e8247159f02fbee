"""Who did or looked at what: the activity log, chained by hash so that a change shows."""
