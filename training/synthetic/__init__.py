"""Synthetic training pictures: drawn garments, fabrics, backgrounds and clutter."""
