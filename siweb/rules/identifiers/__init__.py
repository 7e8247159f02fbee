"""Citizen ID numbers and unified social credit codes: typed, checked, explained."""
