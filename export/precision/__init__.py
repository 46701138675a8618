"""Artifacts in fp32 to artifacts of lower precision."""
