"""Which columns the headings of a list name, and what they leave open."""
