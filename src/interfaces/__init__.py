"""Driving adapters: every channel through which the plant is operated."""
