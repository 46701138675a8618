"""The API over HTTP: every call by the Connect protocol, and photos as multipart forms."""
