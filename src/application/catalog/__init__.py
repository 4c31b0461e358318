"""Keeping the reference data."""
