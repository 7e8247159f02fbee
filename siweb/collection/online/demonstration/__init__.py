"""A gateway for demonstrations: a page that looks like a bank's, and moves no money."""
