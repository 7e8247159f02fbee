"""A campaign that is over takes answers again: decided by two people."""
