"""What the vendor documents of the service, a line each, so that every line has a drift.

The wording is ours. A line that no drift can break has a reason in `WITHOUT_DRIFT`.
"""

from __future__ import annotations

FACTS: dict[str, str] = {
    "bare-key": "v1.0 takes the secret key in Authorization, bare, without a scheme word",
    "credentials": "a wrong app key or secret key is refused with 4010001",
    "app-key-in-path": "the app key stands in the path",
    "key-lengths": "a service's app key has 16 characters, a project's, accepted as well, 20",
    "v1.1": "v1.1 has the same paths and bodies, and takes a bearer token in X-NHN-Authorization",
    "v1.1-token": "the token comes from an OAuth call, lasts a day and can be revoked",
    "hosts": "api-ocr.nhncloudservice.com since 2026-08-11; the guide's host until 2027-07-31",
    "one-input": "the input is one multipart field image, or JSON with imageUrl",
    "no-parameter": "there is no other parameter, no language and no option",
    "ports": "a port written in an image URL is 80, 443 or 10000-12000",
    "formats": "JPEG and PNG are read",
    "size": "an image has at most 20 MB, by file and by URL alike",
    "resolution": "1280x720 is recommended; no limit of pixels is documented",
    "languages": "Korean and English are recognised",
    "ratio-quality": "past 1:2.5 the quality falls without cropping",
    "ratio-limit": "past about 1:10 analysis is not possible: 4000505",
    "download-time": "an image URL may take 20 s to download",
    "always-200": "the service answers 200; the header alone tells success from failure",
    "failure-form": "a failure has a header and no result at all",
    "success-form": "on success resultCode is 0 and resultMessage is SUCCESS",
    "pairing": "word j of line i belongs to box j of line i",
    "visual-line": "an outer index is a visual line, its words go left to right",
    "value": "value is the recognised content of the sent image",
    "word-form": "a word is value and conf, nothing else",
    "corners": "corners go top left, top right, bottom right, bottom left; boxes may be turned",
    "pixels": "of general, coordinates are pixels of the sent image",
    "numbers": "the samples have integer coordinates and conf from 0 to 1",
    "blank": "a value may start with a blank",
    "guide-form": "the guide's sample repeats inferTexts and has trailing commas; newer ones less",
    "extra-fields": "fields of other editions, such as resolution, may come",
    "file-type": "fileType is jpg or png",
    "slices": "slicesImages counts the slices and comes with cropping alone",
    "overlap": "slices overlap, so a text may come twice",
    "code-list": "result codes mean what the table says; texts differ and do not count",
    "gateway": "the old host's gateway answers with real statuses and codes of its own",
    "gateway-codes": "4000003 and 4000006 mean other things in the gateway than in the service",
}

WITHOUT_DRIFT: dict[str, str] = {
    "key-lengths": "a run has one app key, of one length",
    "hosts": "a run talks to one host, and a reply does not tell which",
    "ratio-quality": "the quality is lower, but nobody says by how much",
    "download-time": "a run would have to wait 20 s; its code is judged as a demanded reply",
    "blank": "it allows something, so nothing can break it",
    "overlap": "a text in the overlap may come once or twice: either is right",
}
