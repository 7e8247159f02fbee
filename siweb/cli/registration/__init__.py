"""Commands about accounts and owners."""
