"""Inference in this process: the pipeline from photo to items, runners, warm-up, threads."""
