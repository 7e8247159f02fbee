"""Passwords, activation, and the throttle on wrong tries."""
