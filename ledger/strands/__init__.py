"""Strands: what hangs together in a history by its business id, as one record with its dates.

A strand is derived once per subject (``subject.memo(contracts_of)``) and read by findings, facts and projections alike,
so that they can never disagree about when a contract was open or a job was live.
"""
