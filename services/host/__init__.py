"""Composition, start and stop of the server; this package uses BentoML and the settings."""
