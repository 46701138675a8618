"""Measures exported artifacts on labelled photos, through the code that serves them: no torch."""
