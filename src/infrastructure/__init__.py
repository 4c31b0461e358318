"""Driven adapters, named by technology."""
