"""What one context's events make another do, in the same transaction."""
