"""What people hand in as files: kept where every machine of the office finds it."""
