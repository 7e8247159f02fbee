#!/bin/sh
# Build the image and drive it: a new office without root, on a root file system that is only read.
#   deploy/try-container.sh podman     (make container finds out which is here)
set -eu
tool=$1
cd "$(dirname "$0")/.."
name=siweb-try-$$
end() {
    "$tool" rm --force "$name" > /dev/null 2>&1 || true
    "$tool" volume rm --force "$name" > /dev/null 2>&1 || true
}
trap end EXIT INT TERM

"$tool" build --file Containerfile --tag localhost/siweb .
"$tool" volume create "$name" > /dev/null
siweb() {
    "$tool" run --rm --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
        --volume "$name:/var/lib/siweb" "$@"
}

echo "It is not root, and writes nothing beside its folders:"
siweb --entrypoint sh localhost/siweb -c 'test "$(id -u)" != 0 && ! touch /opt/siweb/x 2> /dev/null && echo yes'
siweb localhost/siweb migrate
siweb localhost/siweb init --region 310000 --name 上海试办社保 --name-en "Shanghai office" \
    --administrators "310101198803078014 张伟, 310101198803078030 李强" > /dev/null
"$tool" run --detach --name "$name" --read-only --tmpfs /tmp --cap-drop ALL \
    --security-opt no-new-privileges --volume "$name:/var/lib/siweb" --publish 127.0.0.1::8000 \
    --env SIWEB_PUBLIC_URL=http://127.0.0.1:8000 localhost/siweb > /dev/null
for _second in $(seq 60); do
    if "$tool" exec "$name" python -c \
        "import urllib.request as r; print(r.urlopen('http://127.0.0.1:8000/readyz').read().decode())"
    then
        "$tool" exec "$name" python -c \
            "import urllib.request as r; assert '社会保险' in r.urlopen('http://127.0.0.1:8000/').read().decode()"
        "$tool" exec "$name" siweb check
        "$tool" stop "$name" > /dev/null
        echo "The image was built, became ready, showed its first page and proved its books."
        exit 0
    fi 2> /dev/null
    sleep 1
done
"$tool" logs "$name" >&2
echo "It did not become ready within a minute." >&2
exit 1
