"""The machine: clock, identifiers, the embedded database server."""
