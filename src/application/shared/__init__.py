"""What every use case shares: unit of work, actor, errors, events."""
