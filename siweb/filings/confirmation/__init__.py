"""Confirming a filing: its good rows are applied to the register, the rest is split off."""
