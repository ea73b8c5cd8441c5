#!/bin/sh
# Has SoftHSM for the tests of keys in a PKCS#11 token, through the system's packages where that
# is allowed. Never fails: where it cannot be had, those tests say so in one line and are skipped.
set -u
command -v softhsm2-util >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "comity: installing softhsm2 for the tests of tokens" >&2
    log=$(mktemp)
    if { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends softhsm2; } >"$log" 2>&1; then
        rm -f "$log"
        exit 0
    fi
fi
echo "comity: TOKEN TESTS SKIPPED: softhsm2 is not here and cannot be installed (Debian: apt-get install softhsm2, as root)" >&2
exit 0
