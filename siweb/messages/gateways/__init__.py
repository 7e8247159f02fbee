"""Gateways: by what messages leave the office."""
