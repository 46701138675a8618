"""Inference over the public API, for a catalogue that runs apart from the models."""
