"""The catalogue of findings F01…F41: one module per theme, found by :mod:`ledger.finding`."""
