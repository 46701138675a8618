"""Recipes that make weights: drawn garments, photos, and the training of a detector and an embedder."""
