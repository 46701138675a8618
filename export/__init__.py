"""From a trained network to an artifact: ultralytics and open_clip to ONNX, each through a parity gate."""
