"""Models that answer: pipeline, runners, batching, and the device they run on."""
