"""What people do with calls and results. Uses the public names of `nhncloud_ocr` alone."""
