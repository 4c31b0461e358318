"""Settings, every value from the environment."""
