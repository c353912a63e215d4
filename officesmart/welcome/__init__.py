"""What a person is given with a line: a printed sheet, and a code that sets a softphone up."""
