"""Commands about parameter packs."""
