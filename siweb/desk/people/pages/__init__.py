"""A person on one page: what every page about them begins with, and the parts that it leads to."""
