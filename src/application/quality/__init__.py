"""Releasing and rejecting lots, and putting them on hold."""
