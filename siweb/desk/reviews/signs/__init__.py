"""The desk's pages of signs: other offices' lists, and each sign that somebody looks at."""
