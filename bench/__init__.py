"""`make bench`: the server beside the same models and functions in a plain loop."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the server has it, for the loops and the peers too
