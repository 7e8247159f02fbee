"""Set right what an earlier system brought into an account."""
