"""A month's levy on PostgreSQL: records are loaded bare, out of sight, and issued by attaching."""
