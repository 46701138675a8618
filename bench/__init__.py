"""Benchmarks (`make bench`): the server beside the same models and functions without a server."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the server sets it; the loops and baselines too
