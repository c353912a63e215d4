"""How long a test of pages waits for what must come."""

UP = 60.0  # seconds for the portal to answer; three where nothing else runs
WHOLE = 120  # seconds for a test with its office, unless it says otherwise
SEEN = 10000  # milliseconds in which a page must show what happened; a busy machine's second
