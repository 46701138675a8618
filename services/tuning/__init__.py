"""Finds out how this machine runs the models best: tries settings on the serving code itself, and chooses."""
