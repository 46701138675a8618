"""Folders of reviewed photos, in the forms that training tools read."""
