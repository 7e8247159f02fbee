"""The desk's pages of reports that somebody was not registered."""
