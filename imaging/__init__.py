"""Pictures as arrays: decoding within limits, geometry, quality and colours. No model, no service."""
