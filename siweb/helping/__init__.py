"""Helping others (帮办): who may do what for whom, what a helper finds, and how it ends."""
