"""Evaluates exported artifacts on labelled photos with the code that serves them."""
