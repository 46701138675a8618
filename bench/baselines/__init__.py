"""Other servers around the same models and functions.

They run in the environment `.venv-bench`; BentoML runs in the server's own.
"""
