#!/bin/sh
# Has Chromium for the browser tests, through the system's packages where that is allowed.
# Never fails: where it cannot be had, the browser tests say so in one line and are skipped.
set -u
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "comity: installing chromium for the browser tests" >&2
    if { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } >/tmp/comity-chromium.log 2>&1; then
        exit 0
    fi
fi
echo "comity: BROWSER TESTS SKIPPED: chromium is not here and cannot be installed (Debian: apt-get install chromium, as root)" >&2
exit 0
