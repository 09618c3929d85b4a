"""The catalogue of views: one module per projection, found by :mod:`ledger.projection`."""
