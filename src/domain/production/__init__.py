"""Campaigns, lots, operations, the ledger of movements and the mass balance."""
