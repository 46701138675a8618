"""The server. `app.py` names the services that BentoML hosts; each folder says what it holds."""
