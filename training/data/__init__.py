"""What is trained and measured with: photos, their cut-outs, drawn examples and composed scenes."""
