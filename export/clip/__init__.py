"""open_clip two-tower models to artifacts."""
