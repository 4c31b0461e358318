"""What is drawn and printed, before it becomes a file: pure, like the core."""
