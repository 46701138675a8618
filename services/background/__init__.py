"""Loops that run beside the calls, and how often what they meet is logged."""
