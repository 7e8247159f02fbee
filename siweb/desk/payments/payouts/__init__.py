"""The desk's pages of money that goes out: payouts, files for the bank, its answers."""
