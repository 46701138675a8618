"""`python -m services.tuning`: see `services.tuning.tuner`."""

import sys

from services.tuning.tuner import main

if __name__ == "__main__":
    sys.exit(main())
