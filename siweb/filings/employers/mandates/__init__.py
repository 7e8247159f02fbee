"""Who may act for an employer: granted, limited in time and revoked by its owner."""
