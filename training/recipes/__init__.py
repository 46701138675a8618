"""Recipes of the detector and the embedder: models, losses, batches, captions, augmentation, metrics."""
