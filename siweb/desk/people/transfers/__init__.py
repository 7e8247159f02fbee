"""Where staff take the steps of transfers that citizens applied for."""
