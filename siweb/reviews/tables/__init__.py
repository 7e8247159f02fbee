"""Campaigns, reviews and objections."""
