"""The wire, both ways; the only room that imports the generated client, at the first call.

What is sent is built by that client, and every field of a reply comes in through its shapes. Keys
are read off these, Python names are checked by mypy: if the description renames a field, the type
check fails here.

No word of a reply is lost. The guide's own samples repeat keys and have trailing commas, so there
are two readers with one meaning: the fast one decodes straight into the shapes and then proves, by
counting strings, that no value was lost; where that fails, the lossless one reads the bytes again,
and refuses what else is not strict JSON.
"""
