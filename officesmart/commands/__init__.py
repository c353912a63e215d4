"""Commands of the terminal, one idea a file; officesmart/cli.py finds them."""
