"""See `library_program.py`: `python libraries --help` tells the options."""

import sys

from library_program import main

sys.exit(main())
