"""The pages of the second factor: setting it up, proving it, recovery codes."""
