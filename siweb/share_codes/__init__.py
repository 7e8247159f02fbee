"""Look-up codes (授权码): somebody lets a bank or a landlord see a few things of their record."""
