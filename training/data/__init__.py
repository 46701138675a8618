"""Training and evaluation data: photos, their cut-outs, drawn examples and composed scenes. No torch."""
