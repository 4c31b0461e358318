"""Releasing and rejecting lots."""
