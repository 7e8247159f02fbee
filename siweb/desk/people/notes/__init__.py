"""Notes for colleagues: the form, and who sees which, wherever some stand."""
