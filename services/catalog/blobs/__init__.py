"""Originals and crops: the store, whose it is, and the removal of what no row speaks of."""
