#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Verifies signatures, digests and key ids of the vectors with nothing but openssl and the shell's
# own tools. A document is one line of canonical JSON: payload, payloadType, signatures.
set -eu
cd "${1:-$(dirname "$0")}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

member() { sed "s/.*\"$2\":\"\([^\"]*\)\".*/\1/" "$1"; }

signed() { # the bytes that a document's signatures cover: "DSSEv1 <length> <type> <length> <payload>"
    member "$1" payload | base64 -d >"$scratch/payload"
    type=$(member "$1" payloadType)
    {
        printf 'DSSEv1 %d %s %d ' "${#type}" "$type" "$(wc -c <"$scratch/payload")"
        cat "$scratch/payload"
    } >"$scratch/text"
}

key_id() { # the first 16 hexadecimal digits of SHA-256 over the key's SubjectPublicKeyInfo
    openssl pkey -pubin -in "$1" -outform DER | openssl dgst -sha256 -r | cut -c 1-16
}

verify() { # document, key: the signature under the key's own name
    signed "$1"
    sed "s/.*{\"keyid\":\"$(key_id "$2")\",\"sig\":\"\([^\"]*\)\"}.*/\1/" "$1" |
        base64 -d >"$scratch/signature"
    openssl pkeyutl -verify -rawin -pubin -inkey "$2" \
        -in "$scratch/text" -sigfile "$scratch/signature" >/dev/null
    echo "verified: $1 by $2"
}

verify envelope-2.json northland-envelope.pub
verify envelope-2.json official.pub
verify envelope-1.json northland-envelope.pub
verify receipt.json southland-envelope.pub
verify refusal.json southland-envelope.pub
verify revocation.json northland-identity.pub
verify card.json northland-identity.pub

# An envelope's digest is SHA-256 of its payload, and the receipt names it.
signed receipt.json
named=$(sed 's/.*"envelope":"\([^"]*\)".*/\1/' "$scratch/payload")
signed envelope-2.json
found=$(openssl dgst -sha256 -r "$scratch/payload" | cut -d ' ' -f 1)
[ "$named" = "$found" ]
echo "verified: digest of the envelope"
