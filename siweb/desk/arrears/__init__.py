"""The desk's pages of arrears."""
