"""Adjustments (补差): the change since what was billed, and the tasks that lead to them."""
