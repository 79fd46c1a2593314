"""`python -m nhncloud_ocr` is the command `nhncloud-ocr`."""

import sys

from ._cli import main

sys.exit(main())
