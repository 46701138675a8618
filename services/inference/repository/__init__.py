"""Several versions of the models side by side, and which of them answers."""
