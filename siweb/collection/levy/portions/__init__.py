"""A batch on SQLite: portions of its people are worked out beside the connection that writes."""
