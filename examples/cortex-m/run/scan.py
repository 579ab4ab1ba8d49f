"""Looks for secrets in an image of RAM: eight bytes of any, in any of the shapes in which code leaves them behind."""

import base64
import hashlib
import json
from urllib.parse import quote_plus

from sha512 import START, compress

WINDOW = 8


class Scan:
    """For these secrets, name -> bytes. A name that ends in KEY is that of an HMAC key; `clients` are the pairs of
    client and secret that went into HTTP Basic."""

    def __init__(self, secrets, clients=()):
        self.secrets = secrets
        self.clients = clients
        self.windows = {}
        for what, text in self.ordered_shapes():
            for at in range(len(text) - WINDOW + 1):
                self.windows.setdefault(text[at:at + WINDOW], what)

    def shapes(self):
        """(what it is, its bytes), of every secret."""
        for name, secret in self.secrets.items():
            yield name, secret
            for encoding, text in encoded(secret):
                yield f"{name}, {encoding}", text
            if name.endswith("KEY"):
                yield from of_key(name, secret)
        for client, secret in self.clients:
            pair = b":".join(form_encoded(text) for text in (client, secret))
            # From where the secret begins.
            yield "HTTP Basic", base64.b64encode(pair)[(len(form_encoded(client)) + 3) // 3 * 4:]

    def ordered_shapes(self):
        for what, text in self.shapes():
            for order, ordered in orders(text):
                yield what + order, ordered

    def find(self, image):
        """What is found: offset -> what it is, one for each place where a run begins."""
        found, last = {}, -2
        for at in range(len(image) - WINDOW + 1):
            what = self.windows.get(bytes(image[at:at + WINDOW]))
            if what:
                if at != last + 1:
                    found[at] = what
                last = at
        return found

    def check_sight(self):
        """A scan that overlooks a shape proves nothing: each is planted and has to be found. Gives how many."""
        count = 0
        for what, text in self.ordered_shapes():
            if len(text) >= WINDOW:
                image = bytearray(b"\xa5" * 512)
                image[101:101 + WINDOW] = text[-WINDOW:]
                if list(self.find(image)) != [101]:
                    raise SystemExit(f"the scan overlooks {what}")
                count += 1
        return count


def describe(found):
    return ", ".join(f"{what} at offset {offset:#x}" for offset, what in found.items())


def form_encoded(text):
    return quote_plus(text, safe="*-._").encode()


def encoded(secret):
    text = secret.decode()
    yield "form-encoded", form_encoded(text)
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

