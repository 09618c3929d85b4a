"""The clocks C01…C24: one module per theme, found by itself (domain-rules.md 5.1)."""
