"""Profiles of a running process: sampled stacks of its Python threads."""
