"""Graphs that a model server runs: sessions that speak the Open Inference Protocol over gRPC.

The artifact stays here and says what the model is; rows go to the server, and its outputs come back.
"""
