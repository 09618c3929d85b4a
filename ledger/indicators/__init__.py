"""The catalogue of indicators: one module per theme, found by :mod:`ledger.indicator`."""
