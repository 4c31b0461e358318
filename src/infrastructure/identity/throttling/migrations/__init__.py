"""The history of the table of attempts."""
