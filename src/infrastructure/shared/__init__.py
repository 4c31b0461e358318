"""What technologies share."""
