#!/bin/sh
# Brings .venv to what requirements/<set>.txt names, from the registry or from ./wheelhouse.
# Usage: tools/setup.sh runtime|dev. Does nothing, and needs no network, when it is there already.
set -eu
set_name=$1
cd "$(dirname "$0")/.."
venv=${VENV_FOLDER:-.venv}

say() { printf 'comity: %s\n' "$*" >&2; }

python=""
for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    say "setting up needs Python 3.11 or later; none was found on the PATH."
    say "Install one (Debian: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python3.12 run"
    exit 1
fi

digest() { cat "$@" | "$python" -c 'import hashlib,sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'; }
wanted=$(digest "requirements/$set_name.txt")

# The larger set serves the smaller one.
for have in "$set_name" dev; do
    stamp="$venv/.comity-$have"
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(digest "requirements/$have.txt")" ]; then
        exit 0
    fi
done

if [ ! -x "$venv/bin/python" ]; then
    say "making $venv with $($python --version)"
    if ! "$python" -m venv "$venv"; then
        rm -rf "$venv"
        say "the virtual environment could not be made: this Python lacks its venv module."
        say "Debian: apt-get install python3-venv, then run the same command again."
        exit 1
    fi
fi

source_options=""
if [ -d wheelhouse ]; then
    source_options="--no-index --find-links wheelhouse"
    say "installing requirements/$set_name.txt from ./wheelhouse"
else
    say "installing requirements/$set_name.txt (about a minute, once)"
fi
# What pip warns of is told where it fails, and only then.
told=$(mktemp)
trap 'rm -f "$told"' EXIT
# shellcheck disable=SC2086 - the options are words
if ! "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
    $source_options -r "requirements/$set_name.txt" 2>"$told"; then
    cat "$told" >&2
    say "the requirements could not be installed: see the lines above."
    say "Without a network, put a wheelhouse beside the Makefile (make wheelhouse on a connected machine)."
    exit 1
fi
if ! "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-index \
    --no-build-isolation --no-deps --editable . 2>"$told"; then
    cat "$told" >&2
    say "comity itself could not be installed into $venv: see the lines above."
    exit 1
fi
printf '%s\n' "$wanted" > "$venv/.comity-$set_name"
