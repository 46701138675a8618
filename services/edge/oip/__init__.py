"""The Open Inference Protocol, version 2: every model as tensors, over gRPC and REST."""
