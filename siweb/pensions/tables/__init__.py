"""Tables of pension applications."""
