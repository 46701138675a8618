from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CODE = """
import asyncio, sys, threading
from services import app
from services.host import hosted as module
from services.host import bentoml_supervisor as supervisor

class Application:
    async def start(self):
        assert "services.edge.http" not in sys.modules

supervisor.exit_with_parent = lambda: None
importing = []
import_http = module.import_http
module.import_http = lambda: (importing.append(threading.current_thread()), import_http())
hosted = object.__new__(app.Armoire.inner)
hosted.application = Application()
asyncio.run(hosted.start())
assert "services.edge.http" in sys.modules
assert importing[0] is not threading.main_thread()
"""


def test_the_http_gateway_is_imported_at_start_apart_from_the_event_loop() -> None:
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", CODE], cwd=root, check=True)
