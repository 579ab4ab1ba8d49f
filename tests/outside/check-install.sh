#!/bin/sh
# Installs the library into a directory of its own and builds an outside project against it in every way.
set -eu

make=${MAKE:-make} cc=${CC:-cc}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
prefix=$work/prefix

"$make" --silent -C "$root" install PREFIX="$prefix"
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"

runs() {
    echo "== $1"
    LD_LIBRARY_PATH=$prefix/lib "$work/$1"
}
loads() {
    LD_LIBRARY_PATH=$prefix/lib ldd "$work/$1" | grep 'libpos_token\.so\.[0-9]* => ' >/dev/null
}

# pkg-config: the shared library, then all static.
# shellcheck disable=SC2046
$cc -o "$work/shared" "$here/main.c" $(pkg-config --cflags --libs pos_token)
loads shared
runs shared
# shellcheck disable=SC2046
$cc -static -o "$work/static" "$here/main.c" $(pkg-config --static --cflags --libs pos_token)
runs static

# CMake.
if ! { cmake -S "$here" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$cc" &&
    cmake --build "$work/cmake"; } >"$work/log" 2>&1; then
    cat "$work/log" >&2
    exit 1
fi
for program in by_package by_pkg_config; do
    loads cmake/$program
    runs cmake/$program
done
runs cmake/by_static_package
if loads cmake/by_static_package; then
    echo "the static package links the shared library" >&2
    exit 1
fi

# The wrong series is not taken.
sed 's/pos_token 0\.1 REQUIRED/pos_token 9 REQUIRED/' "$here/CMakeLists.txt" >"$work/CMakeLists.txt"
cp "$here/main.c" "$work/"
if cmake -S "$work" -B "$work/cmake9" -DCMAKE_PREFIX_PATH="$prefix" >/dev/null 2>&1; then
    echo "version 9 was found" >&2
    exit 1
fi

# A package is staged elsewhere, to be used where it says; no other name than its own is exported.
"$make" --silent -C "$root" install PREFIX=/usr LIBDIR=/usr/lib/till DESTDIR="$work/stage"
test -f "$work/stage/usr/include/pos_token.h" -a -f "$work/stage/usr/lib/till/libpos_token.a"
grep -q '^libdir=/usr/lib/till$' "$work/stage/usr/lib/till/pkgconfig/pos_token.pc"
if grep -rIl "$work\|$root" "$work/stage"; then
    echo "a path of this machine was installed" >&2
    exit 1
fi
if nm -D --defined-only "$prefix/lib/libpos_token.so" | grep -viE ' (pos_token_|POS_TOKEN_)'; then
    echo "the shared library exports names that are not its own" >&2
    exit 1
fi
echo "Everything builds against what was installed."
