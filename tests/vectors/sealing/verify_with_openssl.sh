#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Verifies the signatures of the vectors with nothing but openssl and the shell's own tools.
set -eu
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

verify() { # name: checks $scratch/text against $scratch/signature
    openssl pkeyutl -verify -rawin -pubin -inkey signing.pub \
        -in "$scratch/text" -sigfile "$scratch/signature" >/dev/null
    echo "verified: $1"
}

# A checkpoint: the text is all up to the last blank line; the signature follows a key id of 4 bytes.
sed '/^$/,$d' checkpoint.txt >"$scratch/text"
tail -n 1 checkpoint.txt | cut -d ' ' -f 3 | base64 -d | tail -c +5 >"$scratch/signature"
verify checkpoint.txt

# Its key id is SHA-256 of name, line feed, 0x01 and the raw key (the last 32 bytes of the DER).
name=$(sed -n 1p checkpoint.txt)
{
    printf '%s\n\001' "$name"
    openssl pkey -pubin -in signing.pub -outform DER | tail -c 32
} | openssl dgst -sha256 -binary | head -c 4 >"$scratch/expected"
tail -n 1 checkpoint.txt | cut -d ' ' -f 3 | base64 -d | head -c 4 | cmp - "$scratch/expected"
echo "verified: key id"

# A DSSE envelope: the signature covers "DSSEv1 <length> <type> <length> <payload>".
member() { sed -n "s/.*\"$1\": \"\([^\"]*\)\".*/\1/p" envelope.json; }
member payload | base64 -d >"$scratch/payload"
type=$(member payloadType)
{
    printf 'DSSEv1 %d %s %d ' "${#type}" "$type" "$(wc -c <"$scratch/payload")"
    cat "$scratch/payload"
} >"$scratch/text"
member sig | base64 -d >"$scratch/signature"
verify envelope.json
