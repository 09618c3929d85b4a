"""Charts: pure functions from figures to SVG, drawn on the server, without script. Every chart stands beside a real table."""
