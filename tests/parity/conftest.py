"""What the libraries compared with need before they are imported."""

from __future__ import annotations

from export import torchvision_fix

torchvision_fix.apply()
