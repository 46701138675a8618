"""`make bench`: the server beside the same models and functions in a plain loop."""
