"""The tables of the catalogue, their migrations, and how rows are written."""
