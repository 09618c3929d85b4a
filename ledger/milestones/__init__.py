"""The catalogue of milestones: one module per theme, found by :mod:`ledger.milestone`."""
