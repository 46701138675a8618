"""Trains and evaluates the demo models. Nothing that serves imports it."""
