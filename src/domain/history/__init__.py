"""What was done in the plant, by whom, when and why, kept so that nobody changes it unseen."""
