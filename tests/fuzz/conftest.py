"""The helpers beside these tests are plain modules, so that they also run as scripts."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
