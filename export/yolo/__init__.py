"""Ultralytics YOLO checkpoints to artifacts."""
