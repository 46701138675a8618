"""The metrics of the server, in the format of Prometheus."""
