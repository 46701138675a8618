"""Experimental: the models in a process of their own, fed by several edge processes of the same machine.

One Python process serves several hundred calls a second, far fewer than a GPU can answer. So edge processes,
each with a gRPC server and the pixel work, hand rows to one device process. Rows lie in memory that both
processes map; records of a fixed size over a Unix socket announce them. Batches form across all edges.

No GPU has measured this yet; ADR 8 names the simpler alternatives that it has to beat.
"""
