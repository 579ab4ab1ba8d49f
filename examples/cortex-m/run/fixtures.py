#!/usr/bin/env python3
"""What the evidence firmware sends and is answered: made-up secrets, of which no eight bytes come twice.

    fixtures.py > fixtures.h

`SECRETS` is every secret by name, for the scan of RAM.
"""

import base64
import hashlib
import hmac
import json

from credentials import c_literal

NOW = 1_773_670_502


def made_up(name, length):
    """Bytes that look random, are the same in every run, and can stand in any text."""
    digest = hashlib.shake_256(f"evidence: {name}".encode()).digest(length)
    return base64.urlsafe_b64encode(digest)[:length]


def jwt(header, claims, key):
    encoded = [base64.urlsafe_b64encode(json.dumps(part, separators=(",", ":")).encode()).rstrip(b"=")
               for part in (header, claims)]
    signed = b".".join(encoded)
    mac = hmac.digest(key, signed, "sha512")
    return signed + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")


def answer(status, body):
    text = json.dumps(body, separators=(",", ":")).encode()
    return (b"HTTP/1.1 %s\r\nDate: Mon, 16 Mar 2026 14:15:02 GMT\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n" % (status.encode(), len(text))) + text


# The characters in front are those that an encoding has to escape.
SECRETS = {
    "PASSWORD": b'p "&\\+' + made_up("password", 18),
    "CLIENT_SECRET": b"s%/:=" + made_up("client secret", 27),
    "PIN": made_up("pin", 12),
    "CODE": made_up("code", 10),
    "KEY": made_up("key", 81),
    "LONG_KEY": made_up("long key", 150),
    "PENDING_TOKEN": made_up("pending token", 43),
    "ZYPE_TOKEN": made_up("access token", 64),
    "ZYPE_REFRESH_TOKEN": made_up("refresh token", 64),
    "ZYPE_TOKEN_2": made_up("second access token", 64),
    "ZYPE_REFRESH_TOKEN_2": made_up("second refresh token", 64),
    "OPEN_LOYALTY_REFRESH_TOKEN": hashlib.sha512(b"evidence").hexdigest().encode(),
    "RFC6749_TOKEN": made_up("third access token", 43),
}

HS512_URI = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha512"
CLAIMS = {"iss": "https://evidence.example", "aud": ["till"], "exp": NOW + 3600, "role": "cashier"}


def text_of(name):
    return SECRETS[name].decode()


SECRETS["LOYALTY_DOG_TOKEN"] = jwt({"alg": "HS512", "typ": "JWT"}, CLAIMS | {"jti": "1"}, SECRETS["KEY"])
SECRETS["LOYALIFE_TOKEN"] = jwt({"alg": HS512_URI, "typ": "JWT"}, CLAIMS | {"jti": "2"}, SECRETS["KEY"])
SECRETS["OPEN_LOYALTY_TOKEN"] = jwt({"alg": "RS256", "typ": "JWT"}, CLAIMS | {"jti": "3"}, SECRETS["LONG_KEY"])

ANSWERS = {
    "LOYALTY_DOG": answer("200 OK", {"accessToken": text_of("LOYALTY_DOG_TOKEN"), "tokenType": "bearer",
                                     "mfaPending": False, "pendingToken": None}),
    "PENDING": answer("200 OK", {"accessToken": None, "mfaPending": True, "pendingToken": text_of("PENDING_TOKEN")}),
    "ECHO": answer("422 Unprocessable Entity", {"detail": [
        {"type": "missing", "loc": ["body"], "msg": "Field required", "input": {"password": text_of("PASSWORD")}}]}),
    "ZYPE": answer("200 OK", {"access_token": text_of("ZYPE_TOKEN"), "token_type": "Bearer", "expires_in": 604800,
                              "refresh_token": text_of("ZYPE_REFRESH_TOKEN"), "scope": "consumer",
                              "created_at": NOW}),
    "ZYPE_REFRESHED": answer("200 OK", {"access_token": text_of("ZYPE_TOKEN_2"), "token_type": "Bearer",
                                        "expires_in": 604800, "refresh_token": text_of("ZYPE_REFRESH_TOKEN_2")}),
    "LOYALIFE": answer("200 OK", {"results": {"token": text_of("LOYALIFE_TOKEN"), "IsSucessful": True,
                                              "tokenExpiresOn": "2026-03-16T15:15:02.5+00:00"}}),
    "OPEN_LOYALTY": answer("200 OK", {"token": text_of("OPEN_LOYALTY_TOKEN"),
                                      "refresh_token": text_of("OPEN_LOYALTY_REFRESH_TOKEN")}),
    "RFC6749": answer("200 OK", {"access_token": text_of("RFC6749_TOKEN"), "token_type": "Bearer"}),
    "DENIED": answer("400 Bad Request", {"error": "invalid_grant", "error_description": "The grant is invalid"}),
    # Cut off in the middle of a token.
    "TRUNCATED": answer("200 OK", {"access_token": text_of("ZYPE_TOKEN_2"), "token_type": "Bearer"})[:-60],
}


def main():
    print("/* Made by run/fixtures.py. */\n#ifndef FIXTURES_H\n#define FIXTURES_H\n")
    print(f"#define NOW {NOW}")
    print(f"#define KEY_BASE64URL {c_literal(base64.urlsafe_b64encode(SECRETS['KEY']).rstrip(b'='))}")
    for name, value in SECRETS.items():
        print(f"#define {name} {c_literal(value)}")
    for name, value in ANSWERS.items():
        print(f"#define ANSWER_{name} {c_literal(value)}")
    print("\n#endif")


if __name__ == "__main__":
    main()
