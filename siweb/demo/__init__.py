"""Demonstration data: made-up people and employers, figures by the office's own rules."""
