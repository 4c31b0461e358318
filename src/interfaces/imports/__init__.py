"""Files turned into commands of the application."""
