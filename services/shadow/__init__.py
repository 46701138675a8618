"""Shadow mode: an embedder that answers beside the live one, whose answers are compared and not returned."""
