"""How often passwords were tried."""
