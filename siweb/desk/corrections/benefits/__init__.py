"""Set right what somebody drew: a benefit that was not due, one that begins again, a wrong sign."""
