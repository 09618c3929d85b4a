"""Out of the house: figures as Parquet and CSV, the log as object-centric events and as lines."""
