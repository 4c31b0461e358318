"""Tracing lots to customers and suppliers."""
