"""Originals and crops: their store (the only user of obstore), its owner, and how long they are kept."""
