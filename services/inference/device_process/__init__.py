"""Experimental: the models in a process of their own, fed by several edge processes of the same machine.

One Python process serves several hundred calls a second, far fewer than a GPU can answer. So edge processes,
each with a gRPC server and the pixel work, pass rows to one device process. Rows are in shared memory;
records of a fixed size over a Unix socket announce them. Batches are formed of the rows of all edges.

It has not been measured on a GPU yet; ADR 8 names simpler alternatives that it must be compared with.
"""
