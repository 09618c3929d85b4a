"""What the pages of pilots and agreements show, in words and drawings."""
