"""Garments that are drawn: outlines, fabrics, backgrounds, clutter."""
