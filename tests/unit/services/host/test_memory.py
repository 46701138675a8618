from __future__ import annotations

import subprocess
import sys

CODE = """
import gc
import weakref
from services.host.memory import trim_memory

class Cycle:
    pass

def anonymous_kb():
    lines = open("/proc/self/smaps_rollup").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Anonymous:"))

small = [bytearray(4000) for _ in range(20_000)]
kept = [[]]
pin = bytearray(4000)
full = anonymous_kb()
gc.disable()
cycle = Cycle()
cycle.itself = cycle
seen = weakref.ref(cycle)
del cycle
del small
trim_memory()
print(full - anonymous_kb(), gc.get_freeze_count(), int(seen() is None))
"""


def test_what_is_free_goes_back_to_the_system() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    freed_kb, frozen, collected = map(int, done.stdout.split())
    assert freed_kb > 60_000
    assert frozen > 1000
    assert collected
