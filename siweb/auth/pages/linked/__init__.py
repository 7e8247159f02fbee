"""The pages of signing in at a provider: going there, coming back, linking and unlinking."""
