"""A Siamese network that the recipe of training has written, to an artifact."""
