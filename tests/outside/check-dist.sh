#!/bin/sh
# Builds the tarball of this commit twice, in directories of different names, and compares; then looks at what is in it.
set -eu

make=${MAKE:-make}
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct)
export SOURCE_DATE_EPOCH
unset CARGO_TARGET_DIR

mkdir -p "$work/one" "$work/another/and-a-half/deeper"
ln -s "${CARGO_HOME:-$HOME/.cargo}" "$work/cargo"
for tree in one another/and-a-half/deeper; do
    git -C "$root" archive HEAD | tar -x -C "$work/$tree"
done
umask 022
"$make" --silent -C "$work/one" dist
umask 077
CARGO_HOME="$work/cargo" "$make" --silent -C "$work/another/and-a-half/deeper" dist

tarball() {
    echo "$work/$1"/target/c/pos-token-*.tar.gz
}
cmp "$(tarball one)" "$(tarball another/and-a-half/deeper)"

mkdir "$work/unpacked"
tar -xzf "$(tarball one)" -C "$work/unpacked" --strip-components=1
(cd "$work/unpacked" && sha256sum --quiet --check SHA256SUMS && find . -type f | LC_ALL=C sort | xargs ls -l)
if grep -rl "$work\|${CARGO_HOME:-$HOME/.cargo}" "$work/unpacked"; then
    echo "a path of this machine is in the tarball" >&2
    exit 1
fi
# What its pages link to is in it.
(cd "$work/unpacked" && find . -name '*.md' | while read -r page; do
    grep -oE '\]\([^):#]+[)#]' "$page" | sed 's/^](//; s/[)#]$//' | while read -r link; do
        [ -e "$(dirname "$page")/$link" ] || { echo "$page links to $link, which is not there" >&2; exit 1; }
    done
done)
echo "Two builds of this commit are the same: $(sha256sum <"$(tarball one)" | cut -c1-64)"
