"""The OpenAPI description of what is hosted, made from descriptors, and the page that shows it."""
