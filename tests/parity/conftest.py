"""What the libraries compared with need before they are imported."""

from __future__ import annotations

import importlib

from PIL import Image

from export import torchvision_fix

torchvision_fix.apply()
pillow_open = Image.open
importlib.import_module("ultralytics.utils")
Image.open = pillow_open  # ultralytics puts its own in place, which looks for packages to install
