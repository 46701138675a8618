"""A scorer of sets of items that the recipe of training has written, to an artifact."""
