#!/bin/sh
# Has the tools that verify seals and packages besides ours (pdfsig, xmlsec1, a JDK, openssl),
# through the system's packages where that is allowed. Never fails: where one cannot be had, the
# tests that need it say so in one line and are skipped.
set -u
missing=""
command -v pdfsig >/dev/null 2>&1 || missing="$missing poppler-utils"
command -v xmlsec1 >/dev/null 2>&1 || missing="$missing xmlsec1"
command -v java >/dev/null 2>&1 && command -v javac >/dev/null 2>&1 || missing="$missing openjdk-17-jdk-headless"
command -v openssl >/dev/null 2>&1 || missing="$missing openssl"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "comity: installing$missing for the tests by other verifiers" >&2
    log=$(mktemp)
    # shellcheck disable=SC2086 # a list of packages
    if { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1; then
        rm -f "$log"
        exit 0
    fi
fi
echo "comity: SOME TESTS BY OTHER VERIFIERS SKIPPED: these are not here and cannot be installed:$missing (Debian: apt-get install, as root)" >&2
exit 0
