"""The checks of ``ledger verify``: one module each, found by itself (see :mod:`streams.verifying`)."""
