"""An anchor-free detector of torchvision to an artifact."""
