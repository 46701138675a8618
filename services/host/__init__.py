"""Composition, start and stop of the server: the room with BentoML and the settings."""
