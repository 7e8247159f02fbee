"""The individual account over its life: years, interest, transfer, closing."""
