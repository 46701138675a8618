"""`python -m services.tuning`: finds the fastest settings for this machine and writes them to a file."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from rich.console import Console

from domain.errors import ArmoireError, InvalidInput
from services.tuning.command import parse_arguments
from services.tuning.tuner import Tuner
from settings import load_settings


def main(argv: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(argv)
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        asyncio.run(Tuner.prepare(arguments, load_settings(), console).run())
    except ArmoireError as error:
        console.print(error.message, style="red", markup=False)
        return 2 if isinstance(error, InvalidInput) else 1
    except KeyboardInterrupt:
        console.print("stopped; nothing was written", style="red")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
