"""Paying by the quarter or the year: the choice, what is paid together, what is paid ahead."""
