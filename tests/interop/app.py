"""A real FastAPI app that answers as LoyaltyDog does, with tokens minted and verified by PyJWT.

    python3 app.py --port 0

prints `listening on 127.0.0.1:PORT` and serves until it is stopped.
"""

import argparse
import secrets
import socket
import time
from typing import Annotated

import jwt
import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel

USERNAME = "till-7@example.com"
PASSWORD = "Corn&r shop=100% + tea"
# A user who is asked for CODE after the password.
MFA_USERNAME = "mfa@example.com"
CODE = "031337"
SIGNING_KEY = b"interop: the HS512 key of this app; it is sixty-four bytes long."
LIFETIME = 3600

app = FastAPI()
bearer = OAuth2PasswordBearer(tokenUrl="/v2/token")
pending_users: dict[str, str] = {}


class OAuth2Token(BaseModel):
    accessToken: str | None = None
    tokenType: str = "bearer"
    mfaPending: bool = False
    pendingToken: str | None = None


class MfaVerification(BaseModel):
    pendingToken: str
    code: str


def unauthorized(detail: str) -> HTTPException:
    return HTTPException(401, detail, {"WWW-Authenticate": "Bearer"})


def grant(user: str) -> OAuth2Token:
    now = int(time.time())
    claims = {"sub": user, "iat": now, "exp": now + LIFETIME}
    return OAuth2Token(accessToken=jwt.encode(claims, SIGNING_KEY, algorithm="HS512"))


@app.post("/v2/token")
def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> OAuth2Token:
    if form.username not in (USERNAME, MFA_USERNAME) or form.password != PASSWORD:
        raise unauthorized("Incorrect username or password")
    if form.username != MFA_USERNAME:
        return grant(form.username)
    pending_token = secrets.token_urlsafe(32)
    pending_users[pending_token] = form.username
    return OAuth2Token(mfaPending=True, pendingToken=pending_token)


@app.post("/v2/token/mfa-verify")
def verify_code(verification: MfaVerification) -> OAuth2Token:
    if verification.pendingToken not in pending_users or verification.code != CODE:
        raise unauthorized("Invalid or expired MFA code")
    return grant(pending_users.pop(verification.pendingToken))


@app.get("/v2/me")
def me(token: Annotated[str, Depends(bearer)]) -> dict[str, str]:
    try:
        options = {"require": ["exp", "iat", "sub"]}
        claims = jwt.decode(token, SIGNING_KEY, algorithms=["HS512"], options=options)
    except jwt.InvalidTokenError:
        raise unauthorized("Could not validate credentials") from None
    return {"username": claims["sub"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    arguments = parser.parse_args()
    # Bound here and not by uvicorn, so that the port is known and connections wait before it is printed.
    listener = socket.create_server(("127.0.0.1", arguments.port))
    print(f"listening on 127.0.0.1:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])


if __name__ == "__main__":
    main()
