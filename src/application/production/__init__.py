"""Running campaigns and recording operations."""
