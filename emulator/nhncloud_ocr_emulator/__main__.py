"""`python -m nhncloud_ocr_emulator` is the command `nhncloud-ocr-emulator`."""

from ._command import main

raise SystemExit(main())
