"""Complaints (社会保险法 82): somebody says what is wrong, and gets a written answer in time."""
