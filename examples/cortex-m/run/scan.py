"""Looks for secrets in an image of RAM: eight bytes of any, in any of the shapes in which code leaves them behind."""

import base64
import hashlib
import json
from urllib.parse import quote_plus

from fixtures import SECRETS
from sha512 import START, compress

WINDOW = 8
KEYS = ("KEY", "LONG_KEY")


def shapes():
    """(what it is, its bytes), of every secret."""
    for name, secret in SECRETS.items():
        yield name, secret
        for encoding, text in encoded(secret):
            yield f"{name}, {encoding}", text
    for name in KEYS:
        yield from of_key(name, SECRETS[name])
    basic = quote_plus("till").encode() + b":" + quote_plus(SECRETS["CLIENT_SECRET"].decode()).encode()
    yield "HTTP Basic", base64.b64encode(basic)


def encoded(secret):
    text = secret.decode()
    yield "form-encoded", quote_plus(text, safe="*-._").encode()
    yield "JSON-encoded", json.dumps(text)[1:-1].encode()
    # At each place that it can have in a group of three bytes; what mixes with its neighbours is left out.
    for shift in range(3):
        padded = base64.b64encode(bytes(shift) + secret + bytes(2))
        inside = padded[4 if shift else 0:(shift + len(secret)) // 3 * 4]
        yield "base64", inside
        yield "base64url", inside.translate(bytes.maketrans(b"+/", b"-_"))


def of_key(name, key):
    block = hashlib.sha512(key).digest() if len(key) > 128 else key
    if block != key:
        yield f"{name}, hashed", block
    for pad in (0x36, 0x5C):
        yield f"{name} xor {pad:#x}", bytes(byte ^ pad for byte in block)
        padded = bytes(byte ^ pad for byte in block.ljust(128, b"\0"))
        state = compress(START, padded)
        yield f"{name}, midstate {pad:#x}", b"".join(word.to_bytes(8, "big") for word in state)


def orders(text):
    """As it is, and as words of 4 and of 8 bytes the other way round, wherever the words begin."""
    yield "", text
    for size in (4, 8):
        for start in range(size):
            words = [text[at:at + size][::-1] for at in range(start, len(text) - size + 1, size)]
            yield f", words of {size} reversed", b"".join(words)


def windows():
    found = {}
    for what, text in shapes():
        for order, ordered in orders(text):
            for at in range(len(ordered) - WINDOW + 1):
                found.setdefault(ordered[at:at + WINDOW], what + order)
    return found


WINDOWS = windows()


def scan(image):
    """What is found: offset -> what it is, one for each place where a run begins."""
    found = {}
    last = -2
    for at in range(len(image) - WINDOW + 1):
        what = WINDOWS.get(bytes(image[at:at + WINDOW]))
        if what:
            if at != last + 1:
                found[at] = what
            last = at
    return found


def check_sight():
    """A scan that overlooks a shape proves nothing: each is planted and has to be found."""
    count = 0
    for what, text in shapes():
        for order, ordered in orders(text):
            if len(ordered) < WINDOW:
                continue
            image = bytearray(b"\xa5" * 4096)
            image[1001:1001 + WINDOW] = ordered[-WINDOW:]
            if list(scan(image)) != [1001]:
                raise SystemExit(f"the scan overlooks {what}{order}")
            count += 1
    return count
