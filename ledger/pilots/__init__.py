"""The evaluation plans, one module per theme or group of themes."""
