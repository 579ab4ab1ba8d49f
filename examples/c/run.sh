#!/bin/sh
# Runs the examples against loopback servers and checks what they say: run.sh PROGRAMS TESTBED DATA
set -eu

programs=$1 testbed=$2 data=$3
work=$(mktemp -d)
started=
finish() {
    for pid in $started; do
        kill "$pid" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

# check TEXT COMMAND...: the command succeeds and says the text.
check() {
    text=$1
    shift
    echo "== ${1##*/}"
    "$@" >"$work/said" 2>&1 || { cat "$work/said"; echo "FAILED: $*" >&2; exit 1; }
    cat "$work/said"
    said "$text"
}

# refuse TEXT COMMAND...: the command fails and says the text.
refuse() {
    text=$1
    shift
    echo "== ${1##*/}, refused"
    if "$@" >"$work/said" 2>&1; then
        cat "$work/said"
        echo "FAILED: $* should have failed" >&2
        exit 1
    fi
    cat "$work/said"
    said "$text"
}

said() {
    grep -q -- "$1" "$work/said" || { echo "FAILED: it does not say '$1'" >&2; exit 1; }
    # Neither the servers' credentials nor anything like a JWT is anybody's business.
    if grep -qE 'Corn&r|kX9|loyal-since|5kR|cret/100|sesame|l\\ait|031337|eyJ' "$work/said"; then
        echo "FAILED: it says a secret" >&2
        exit 1
    fi
}

unsaid() {
    if grep -q -- "$1" "$work/said"; then
        echo "FAILED: it says '$1'" >&2
        exit 1
    fi
}

# within TEXT FILE: waits until a program that was started has written the text.
within() {
    tries=0
    until grep -q -- "$1" "$2" 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -le 100 ] || { echo "FAILED: no '$1' within 10 seconds" >&2; cat "$2" >&2; exit 1; }
        sleep 0.1
    done
}

"$testbed" >"$work/servers" </dev/null &
started="$started $!"
within '^rfc6749 ' "$work/servers"
port() {
    sed -n "s/^$1 .*:\([0-9]*\)$/\1/p" "$work/servers"
}

# The smallest log-in.
export TILL_USERNAME='till-7@example.com' TILL_PASSWORD='Corn&r shop=100% + tea'
check 'logged in: a token of' "$programs/login" 127.0.0.1 "$(port loyaltydog)"
TILL_PASSWORD=wrong refuse 'no token: code 511, DENIED$' "$programs/login" 127.0.0.1 "$(port loyaltydog)"
for scenario in drip modem chunks until-close big-head; do
    TILL_USERNAME=$scenario check 'logged in: a token of' "$programs/login" 127.0.0.1 "$(port loyaltydog)"
done
TILL_USERNAME=portal refuse 'code 502, DENIED_NOT_AN_API' "$programs/login" 127.0.0.1 "$(port loyaltydog)"
TILL_USERNAME=busy refuse 'code 510, DENIED_BUSY' "$programs/login" 127.0.0.1 "$(port loyaltydog)"

# All providers.
# shellcheck disable=SC2046
check '6 of 6 tills' "$programs/providers" $(sed 's/ .*:/=/' "$work/servers")

# A session over two runs: the second needs no log-in, and where the records are gone there is one again.
session() {
    expect=$1
    shift
    TILL_CLIENT_ID=Vd0wGZ3ZkWbCqmfGkVqGyYq3cmZ9sS0l7xYc5TqVqg8 TILL_USERNAME=till-7@example.com \
        TILL_CLIENT_SECRET="$1" TILL_PASSWORD='café "au" l\ait' \
        "$expect" "$2" "$programs/session" 127.0.0.1 "$(port zype)" "$work/state"
}
zype_secret='5kR+VmTjWb/9sQb0nV8s2rC4cPq1mA7xKd3uYh6eZt0='
session check "$zype_secret" 'log in'
said 'use token 1'
session check "$zype_secret" 'restored: OK'
said 'use token 1'
unsaid 'log in'
printf x >"$work/state.0"
printf x >"$work/state.1"
session check "$zype_secret" 'restored: RECORD_ABSENT'
said 'log in'
rm "$work"/state.*
session refuse wrong 'code 513, DENIED_INVALID_CLIENT'

# The same over an HTTP stack of the firmware's own.
own_http() {
    expect=$1
    shift
    TILL_CLIENT_ID=Vd0wGZ3ZkWbCqmfGkVqGyYq3cmZ9sS0l7xYc5TqVqg8 TILL_USERNAME="$2" \
        TILL_CLIENT_SECRET="$1" TILL_PASSWORD='café "au" l\ait' "$expect" "$3" "$programs/own_http" 127.0.0.1 "$4"
}
own_http check "$zype_secret" till-7@example.com 'use token 1' "$(port zype)"
own_http refuse wrong till-7@example.com 'code 513, DENIED_INVALID_CLIENT' "$(port zype)"
own_http refuse "$zype_secret" portal '^wait ' "$(port zype)"
own_http refuse "$zype_secret" busy '^wait [34][0-9] s$' "$(port zype)"
own_http refuse "$zype_secret" malformed 'exchange 1: JSON_UNEXPECTED, HTTP status 200$' "$(port zype)"
own_http refuse "$zype_secret" truncated 'exchange 1: TRANSPORT, HTTP status 0$' "$(port zype)"
own_http refuse "$zype_secret" till-7@example.com 'exchange 1: TRANSPORT, HTTP status 0$' 1

# A token's trust.
check 'altered, platform: JWT_SIGNATURE' "$programs/jwt" "$data/loyalife.jwt" "$data/loyalife.key" 1773670502

# TLS, in front of a server of the testbed, with certificates made for this one run.
authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$1" \
        -keyout "$work/$1.key" -out "$work/$1.pem" 2>/dev/null
}
authority authority
authority stranger
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost \
    -keyout "$work/server.key" -out "$work/server.csr" 2>/dev/null
printf 'subjectAltName=DNS:localhost\nbasicConstraints=critical,CA:FALSE\n' >"$work/server.ext"
openssl x509 -req -in "$work/server.csr" -CA "$work/authority.pem" -CAkey "$work/authority.key" -CAcreateserial \
    -days 1 -extfile "$work/server.ext" -out "$work/server.pem" 2>/dev/null
# The same port at another address: the request's Host names it, and the server insists on its own.
tls_port=$(port loyalife)
socat -d -d "OPENSSL-LISTEN:$tls_port,bind=127.0.0.2,fork,cert=$work/server.pem,key=$work/server.key,verify=0" \
    "TCP:127.0.0.1:$tls_port" 2>"$work/socat" </dev/null &
started="$started $!"
within 'listening on' "$work/socat"

export TILL_CLIENT_ID=program-7 TILL_CLIENT_SECRET="kX9+/=<secret>&'7'"
export TILL_TOKEN_KEY="testbed: Loyalife's HS512 key. Longer than 64 bytes, shorter than a SHA-512 block"
kiosk() {
    expect=$1
    shift
    "$expect" "$1" "$programs/kiosk_tls" 127.0.0.2 "$tls_port" "$2" "$3"
}
kiosk check 'logged in: a token of' localhost "$work/authority.pem"
said 'the token: trusted'
TILL_CLIENT_ID=forged kiosk refuse 'no token: code 600, TOKEN_REFUSED' localhost "$work/authority.pem"
said 'the token: JWT_SIGNATURE'
kiosk refuse 'not correctly signed by the trusted CA' localhost "$work/stranger.pem"
kiosk refuse 'does not match' login.example "$work/authority.pem"
TILL_CLIENT_SECRET=wrong kiosk refuse 'no token: code' localhost "$work/authority.pem"

echo "All examples did what they should."
