"""Objections: what a person says is wrong, and what the employer answers."""
