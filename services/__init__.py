"""The server: batching, the pipeline, the gRPC and HTTP edges, the catalogue, and what puts them together."""
