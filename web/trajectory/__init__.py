"""The parts of a person's page: its picture, clocks, lines and facts, made from the timeline answer."""
