"""Pictures as arrays: decoding within limits, letterbox, crops, quality, colours. No models, no services."""
