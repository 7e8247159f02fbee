#!/bin/sh
# Lose a disk: replicate a small office by Litestream, bring it back from the replica, prove its books.
#   deploy/try-litestream.sh     (make litestream; fails where Litestream is not installed)
set -eu
cd "$(dirname "$0")/.."
command -v litestream > /dev/null || { echo "Litestream is not here, so nothing was replicated and nothing restored." >&2; exit 1; }
siweb=${SIWEB:-.venv/bin/siweb}
work=$(mktemp -d)
replicating=
end() {
    [ -z "$replicating" ] || kill "$replicating" 2> /dev/null || true
    rm -rf "$work"
}
trap end EXIT
trap 'exit 1' INT TERM
export SIWEB_VAR_DIR="$work/var" REPLICA_URL="file://$work/replica"

"$siweb" migrate
"$siweb" seed --people 50 > /dev/null
litestream replicate -config deploy/litestream.yml > "$work/log" 2>&1 &
replicating=$!
# What is written while it replicates is what counts.
"$siweb" close-day > /dev/null
noted=$("$siweb" check 2>&1)
sleep 5
kill "$replicating" && wait "$replicating" 2> /dev/null || true
replicating=

mkdir "$work/kept" && cp "$SIWEB_VAR_DIR"/*_key "$work/kept/"
rm -rf "$SIWEB_VAR_DIR" && mkdir -m 700 "$SIWEB_VAR_DIR" && cp -p "$work/kept/"*_key "$SIWEB_VAR_DIR/"
for name in siweb access_log; do
    litestream restore -config deploy/litestream.yml "$SIWEB_VAR_DIR/$name.sqlite3"
done
chmod 600 "$SIWEB_VAR_DIR"/*.sqlite3
restored=$("$siweb" check 2>&1)
[ "$noted" = "$restored" ] || { printf 'Before:\n%s\nAfter:\n%s\n' "$noted" "$restored" >&2; exit 1; }
echo "The disk was lost, the replica restored, and siweb check says the same as before."
