"""Employers at the counter: one is registered by its licence, and somebody becomes its owner."""
