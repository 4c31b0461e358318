"""Keeping the history, reading it, and looking whether it is whole."""
