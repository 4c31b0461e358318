"""What every business context speaks: quantities, money, identity, errors, events."""
