"""The rows about credentials: each that is nearly right, on every code path."""

from __future__ import annotations

from contract.drivers.keys import Keys
from contract.drivers.rows import expectations as x
from contract.drivers.rows.bodies import Upload
from contract.drivers.rows.images import PAGE
from contract.drivers.rows.row import LIVE, Row, of_every_path
from contract.judge.description import GENERAL

WRONG = {
    "no-key": (Keys.NO_HEADER, x.NO_KEY),
    "empty-key": (Keys.EMPTY, x.NO_KEY),
    "wrong-key": (Keys.WRONG, x.WRONG_KEY),
    "longer-key": (Keys.LONGER, x.WRONG_KEY),
    "shorter-key": (Keys.SHORTER, x.WRONG_KEY),
    "key-in-other-case": (Keys.OTHER_CASE, x.WRONG_KEY),
    "key-with-other-first": (Keys.OTHER_FIRST, x.WRONG_KEY),
    "key-with-other-last": (Keys.OTHER_LAST, x.WRONG_KEY),
    "key-and-a-word": (Keys.WORD_MORE, x.WRONG_KEY),
    "app-key-as-key": (Keys.APP_KEY, x.WRONG_KEY),
    "word-and-key": (Keys.WORD_BEFORE, x.SCHEME),
    "bearer-key": (Keys.BEARER, x.SCHEME),
    "basic-key": (Keys.BASIC, x.SCHEME),
    "quoted-key": (Keys.QUOTED, x.SCHEME),
    "named-key": (Keys.NAMED, x.SCHEME),
    "foreign-app": (Keys.FOREIGN_APP, x.FOREIGN),
    "longer-app": (Keys.LONGER_APP, x.FOREIGN),
    "shorter-app": (Keys.SHORTER_APP, x.FOREIGN),
    "app-in-other-case": (Keys.OTHER_CASE_APP, x.FOREIGN),
    "app-with-other-first": (Keys.OTHER_FIRST_APP, x.FOREIGN),
    "app-with-other-last": (Keys.OTHER_LAST_APP, x.FOREIGN),
}

CREDENTIALS = of_every_path(
    Row(name, GENERAL, Upload(PAGE), expect, name in ("no-key", "wrong-key") and LIVE, keys)
    for name, (keys, expect) in WRONG.items()
) + of_every_path(
    (
        # The same wrong key once more: nobody is let in for having asked twice.
        Row("wrong-key-again", GENERAL, Upload(PAGE), x.WRONG_KEY, keys=Keys.WRONG),
    )
)
