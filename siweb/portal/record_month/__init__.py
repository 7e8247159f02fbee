"""One month of a person, from what was declared to what is in the account."""
