"""The rows about images: those of known text, every format, too long ones, and what is none."""

from __future__ import annotations

from contract.drivers.rows import expectations as x, pictures
from contract.drivers.rows.bodies import Upload
from contract.drivers.rows.row import LIVE, Row, of_every_path, with_cropping, with_urls
from contract.judge.description import CROPPING, GENERAL

PAGE, PHOTO = "note.png", "stamp.jpg"  # a small PNG and a small JPEG of known text
TAG = "tag.png"  # one word, quickly read: for rows that are not about what is read

READ = (
    Row("png", GENERAL, Upload("garden.png"), x.ACCEPTED, LIVE),
    Row("cropping-png", CROPPING, Upload("kitchen.png"), x.ACCEPTED, LIVE),
    *of_every_path(
        Row(f"read-{name.partition('.')[0]}", GENERAL, Upload(name), x.ACCEPTED)
        for name in pictures.KNOWN
    ),
    Row("jpg", GENERAL, Upload("station.jpg"), x.ACCEPTED, LIVE),
    # Nothing of a call is left for the next: the same again, and after one that failed.
    *with_cropping(
        (
            Row("failing", GENERAL, Upload("b02_text_as"), x.NOT_AN_IMAGE),
            Row("again-after-a-failure", GENERAL, Upload("kitchen.png"), x.ACCEPTED),
            Row("again", GENERAL, Upload("kitchen.png"), x.ACCEPTED),
        )
    ),
    Row("cropping-long", CROPPING, Upload(pictures.LONG), x.ACCEPTED, LIVE),
)

RATIOS = (
    *of_every_path(
        (
            Row("too-tall", GENERAL, Upload(pictures.VERY_TALL), x.RATIO, LIVE),
            Row("too-wide", GENERAL, Upload(pictures.VERY_WIDE), x.RATIO),
        )
    ),
    # Past 1:2.5 the quality is lower without cropping, but an answer there is.
    *with_urls(
        Row(f"{what}-in-one-piece", GENERAL, Upload(image, glanced=True), x.ACCEPTED)
        for what, image in (("tall", pictures.TALL), ("wide", pictures.WIDE))
    ),
    *with_urls(
        Row(f"cropping-{what}", CROPPING, Upload(image), x.ACCEPTED)
        for what, image in (("tall", pictures.TALL), ("wide", pictures.WIDE))
    ),
)

# It may find nothing there, or take only one picture of several: what it answers then is judged.
_ODD = {
    **dict.fromkeys(("turned-by-exif", "askew", "upside-down"), x.READABLE),
    **dict.fromkeys(("of-two-pictures", "animated", "with-more-bytes"), x.EITHER),
}
FORMATS = (
    *of_every_path(
        Row(f"format-{how}", GENERAL, Upload(f"{PAGE}@{how}"), _ODD.get(how, x.ANY_FORMAT))
        for how in pictures.FORMATS
    ),
    Row("png-of-no-text", GENERAL, Upload("s35_blank_white"), x.EITHER),
    Row("png-named-jpg", GENERAL, Upload(PAGE, name="image.jpg"), x.EITHER),
    Row("jpg-named-png", GENERAL, Upload(PHOTO, name="image.png"), x.EITHER),
)

NAMES = with_cropping(
    Row(f"named-{what}", GENERAL, Upload(image, name=name), x.ANY_NAME)
    for what, image, name in (
        ("jpeg", PHOTO, "image.jpeg"),
        ("JPG", PHOTO, "IMAGE.JPG"),
        ("PNG", PAGE, "IMAGE.PNG"),
        ("in-korean", PHOTO, "영수증 사진.jpg"),
        ("very-long", PAGE, "a" * 250 + ".png"),
        ("without-suffix", PHOTO, "image"),
    )
)

_BAD = of_every_path(
    (
        Row("image-empty", GENERAL, Upload("b01_empty"), x.EMPTY),
        Row("image-text", GENERAL, Upload("b02_text_as"), x.NOT_AN_IMAGE, LIVE),
        *(
            Row(f"image-{name}", GENERAL, Upload(file, name=f"image.{kind}"), x.NOT_AN_IMAGE)
            for name, file, kind in (
                ("gif", "b09_gif", "png"),
                ("bmp", "b10_bmp", "jpg"),
                ("webp", "b11_webp", "png"),
                ("tiff", "b12_tiff", "jpg"),
                ("pdf", "b13_pdf", "png"),
                ("svg", "b21_svg", "png"),
                ("html", "b22_html", "jpg"),
            )
        ),
        Row("image-png-head-only", GENERAL, Upload("b05_header_only"), x.BROKEN),
        Row(
            "image-jpg-head-only", GENERAL, Upload("b06_jpeg_soi_only", name="image.jpg"), x.BROKEN
        ),
        Row("image-of-zero-width", GENERAL, Upload("b18_zero_dim"), x.BROKEN),
    )
)
BAD = (
    *_BAD,
    Row("image-gif-named-gif", GENERAL, Upload("b09_gif", name="image.gif"), x.NOT_AN_IMAGE),
    Row("image-jpg-cut", GENERAL, Upload("b03_trunc50.jpg"), x.EITHER),
    Row("image-png-cut", GENERAL, Upload("b04_trunc50.png"), x.EITHER),
    Row("image-bad-checksum", GENERAL, Upload("b14_bad_crc"), x.EITHER),
    Row("image-of-65535-squared", GENERAL, Upload("b17_bomb_fakehdr"), x.EITHER),
)

MB5 = 5 * 1024 * 1024
SIZES = of_every_path(
    Row(f"size-{kind}-{what}", GENERAL, Upload(image, size=size), expect)
    for kind, image in (("png", TAG), ("jpg", PHOTO))
    for what, size, expect in (
        ("5-mb-and-one", MB5 + 1, x.SIZE_OK),
        ("almost-20-mb", 19_990_000, x.SIZE_OK),
        ("20-mb", pictures.MB20, x.MIB_OK),
        ("20-mb-and-one", pictures.MB20 + 1, x.SIZE),
    )
) + tuple(
    Row(f"{name}25-mb", role, Upload(TAG, size=25 * 1024 * 1024), x.SIZE, page_allowed=True)
    for name, role in (("size-", GENERAL), ("cropping-size-", CROPPING))
)
