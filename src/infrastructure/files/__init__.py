"""Documents that leave the house as files: pictures."""
