"""The desk's pages of bank statements: hand one in, see how far its import is, name columns."""
