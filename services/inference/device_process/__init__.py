"""The models in a process of their own, fed by several edge processes of the same machine.

One Python process serves some hundreds of calls a second, far fewer than a GPU has answers for. So edges,
each with a gRPC server and the pixel work, hand rows to one process that has the device. Rows are in memory
that both map; messages about them go over a Unix socket. Batches are formed across all edges.
"""
