"""Campaigns, lots, the ledger and balances in PostgreSQL."""
