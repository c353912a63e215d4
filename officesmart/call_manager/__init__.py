"""What a person decides about his calls: reading and writing it, without a page."""
