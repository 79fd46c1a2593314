"""`python -m nhncloud_ocr` is the command `nhncloud-ocr`."""

from nhncloud_ocr_toolkit.cli import main

raise SystemExit(main())
