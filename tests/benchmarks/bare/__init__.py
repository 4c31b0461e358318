"""What the API is measured against: the same answers with as little as they take."""
