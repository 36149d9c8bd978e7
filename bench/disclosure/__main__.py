"""`python -m bench.disclosure COMMAND`."""

import sys

from bench.disclosure.run import main

sys.exit(main())
