"""Folders of exported catalogues."""
