#!/bin/sh
# Follow README on a machine that has nothing: to the first receipt, as whoever reads it would.
#   deploy/try-bare.sh     (make bare; what is typed are the lines of README's own first blocks)
# In a Debian of its own where debootstrap or a container tool is here and answers; else on this one,
# with an empty HOME and the PATH of a new account, which proves the lines and not the packages.
set -eu
cd "$(dirname "$0")/.."
here=$PWD
work=$(mktemp -d)
server=
end() {
    [ -z "$server" ] || kill -TERM -- "-$server" 2> /dev/null || true
    rm -rf "$work"
}
trap end EXIT
trap 'exit 1' INT TERM

# The blocks under "Two commands", without their remarks, up to the line that serves an office.
sed -n '/^## Two commands$/,/^## /p' README.md | sed -n '/^```$/,/^```$/p' | sed '/^```$/d; s/ *#.*//' \
    | sed '/^make demo/q' > "$work/lines"
grep -q '^make demo' "$work/lines" || { echo "README has no line that makes a demonstration." >&2; exit 1; }
# Getting the code and going there are typed as well.
steps=$(($(wc -l < "$work/lines") + 2))
[ "$steps" -le 5 ] || { echo "README takes $steps steps to an office; five are allowed." >&2; exit 1; }
mkdir -p "$work/siweb" "$work/home"
git ls-files -z --cached --others --exclude-standard | tar --null --files-from - -cf - | tar -xf - -C "$work/siweb"

# What a machine needs to reach the index of packages is its own, whoever types.
network=$(env | grep -E '^(PIP_[A-Z_]+|[A-Za-z]+_proxy|[A-Z]+_PROXY|SSL_CERT_FILE)=' || true)
if command -v debootstrap > /dev/null && [ "$(id -u)" = 0 ]; then
    echo "In a new Debian of its own (debootstrap)."
    debootstrap --variant=minbase stable "$work/debian" > "$work/debootstrap.log" \
        || { tail -n 5 "$work/debootstrap.log" >&2; exit 1; }
    mkdir "$work/debian/siweb" "$work/debian/new" && cp -a "$work/siweb/." "$work/debian/siweb/"
    run() { exec setsid chroot "$work/debian" env -i $network HOME=/new PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        DEBIAN_FRONTEND=noninteractive sh -ec "cd /siweb && $1"; }
    answer=
elif tool=$(for each in podman docker; do "$each" info > /dev/null 2>&1 && echo "$each" && break; done) && [ -n "$tool" ]; then
    echo "In a new Debian of its own ($tool)."
    run() { exec setsid "$tool" run --rm --network host --volume "$work/siweb:/siweb" \
        --env DEBIAN_FRONTEND=noninteractive debian:stable-slim sh -ec "cd /siweb && $1"; }
    answer=
else
    echo "Neither debootstrap nor a container tool answers here: on this machine, with an empty HOME."
    run() { exec setsid env -i $network HOME="$work/home" PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        sh -ec "cd '$work/siweb' && $1"; }
    # The packages are this machine's: they are there, or README's second line would add them to it.
    answer='^apt-get'
fi

typed=
while read -r line; do
    if [ -n "$answer" ] && printf '%s' "$line" | grep -q "$answer"; then
        echo "Not typed, since it would change this machine: $line"
        continue
    fi
    case $line in apt-get\ install*) line="apt-get update && ${line%install*}install --yes${line#*install}" ;; esac
    typed="$typed${typed:+ && }$line"
done < "$work/lines"
echo "Typed: $typed"
# A port that nobody uses; whoever tries README has the usual one.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
(run "export SIWEB_PORT=$port; $typed") > "$work/printed" 2>&1 &
server=$!
for _second in $(seq 900); do
    if grep -q 'demonstration office: http' "$work/printed"; then
        sleep 1
        python3 "$here/deploy/first_receipt.py" "http://127.0.0.1:$port" < "$work/printed"
        echo "From nothing to a receipt in $steps steps, by README alone."
        exit 0
    fi
    kill -0 "$server" 2> /dev/null || break
    sleep 1
done
echo "No office came of it:" >&2
tail -n 20 "$work/printed" >&2
exit 1
