"""Prove a paper without the office: what is printed on it is what was signed."""
