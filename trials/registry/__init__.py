"""The outside world: how the registry is asked, and what its records mean."""
