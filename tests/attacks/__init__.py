"""Attacks on a ledger, each detected and named."""
