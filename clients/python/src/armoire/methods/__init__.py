"""The calls of a client: a class for each kind, from which `AsyncClient` and `Client` inherit them."""
