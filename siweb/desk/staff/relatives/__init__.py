"""Relatives whom staff declare, so that nobody decides on them."""
