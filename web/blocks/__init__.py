"""Blocks of figures: each kind turns one indicator into a chart, a table and a sentence, from what the board may show."""
