"""Inference over gRPC, for a catalogue that runs apart from the models."""
