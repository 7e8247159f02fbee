"""The papers that were given out, noted apart from the database: what a restored office lacks."""
