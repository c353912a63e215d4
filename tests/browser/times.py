"""How long a test of pages waits for what must come."""

UP = 30.0  # seconds for the portal to answer
SEEN = 10000  # milliseconds in which a page must show what happened; a busy machine's second
