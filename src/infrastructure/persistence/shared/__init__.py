"""Transactions, field types and constraint names that every context uses."""
