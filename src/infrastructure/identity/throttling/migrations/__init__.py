"""The history of the table of tries."""
