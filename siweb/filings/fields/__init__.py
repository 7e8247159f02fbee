"""What every kind of filing consists of: its fields, their choices and findings."""
