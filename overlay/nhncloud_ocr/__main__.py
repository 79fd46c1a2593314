"""`python -m nhncloud_ocr` is the command `nhncloud-ocr`."""

from ._cli import main

raise SystemExit(main())
