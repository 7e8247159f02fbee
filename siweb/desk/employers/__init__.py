"""The desk's pages of employers: registrations to confirm, hires to follow up."""
