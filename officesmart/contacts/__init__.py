"""A person's address book: plain functions over a session (guide 6, behaviour.md s.10)."""
