# SPDX-License-Identifier: Apache-2.0
"""Hostile markup, messages, tables and scripts."""

from __future__ import annotations

import base64

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION_LAUGHS = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">{LAUGHS}]><l>&l9;</l>'
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'
PAGE = '<html><body onload="x()"><img src="http://127.0.0.1:9/pixel"><form action="/">'
SCRIPTED = "<script>fetch('http://127.0.0.1:9/')</script>"


def a_mail(html: str, *, encoded: bool = False) -> str:
    body = base64.b64encode(html.encode()).decode() if encoded else html
    coding = "Content-Transfer-Encoding: base64\r\n" if encoded else ""
    return (
        "From: a@example.org\r\nTo: b@example.org\r\nSubject: Invoice\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n'
        f"{coding}\r\n{body}\r\n--b\r\nContent-Type: application/octet-stream\r\n"
        'Content-Disposition: attachment; filename="../../run.exe"\r\n\r\nMZ\r\n--b--\r\n'
    )


def nested_mail(depth: int = 2_000) -> str:
    part = "Content-Type: message/rfc822\r\n\r\n"
    return "From: a@example.org\r\nTo: b\r\nSubject: c\r\n" + part * depth


HOSTILE: dict[str, bytes] = {
    "billion-laughs": BILLION_LAUGHS.encode(),
    "billion-laughs-in-utf-16": BILLION_LAUGHS.encode("utf-16"),
    "external-entity": EXTERNAL.encode(),
    "external-doctype": b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
    "stylesheet": b'<?xml version="1.0"?><?xml-stylesheet href="http://127.0.0.1:9/"?><a/>',
    "deep-xml": b"<a>" * 200_000,
    "svg-script": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "svg-handler": b'<?xml version="1.0"?>\n<!-- a -->\n<svg onload="alert(1)"/>',
    "svg-fetches": b'<svg><image xlink:href="http://127.0.0.1:9/a.png"/></svg>',
    "html": PAGE.encode() + SCRIPTED.encode(),
    "html-refresh": b'<!DOCTYPE html><meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/">',
    "mail-with-html": a_mail(SCRIPTED).encode(),
    "mail-with-packed-html": a_mail(SCRIPTED, encoded=True).encode(),
    "mail-in-mail": nested_mail().encode(),
    "table-of-formulas": b"name,amount\n=cmd|'/c calc'!A1,1\n@SUM(1),2\n+1+cmd,3\n",
    "deep-json": b"[" * 500_000,
    "shell-script": b"#!/bin/sh\nrm -rf /\n",
    "batch-file": b"@echo off\r\nformat c:\r\n",
    "page-that-runs-on-the-server": b"<?php system($_GET['c']); ?>",
    "nul-and-text": b"\0" * 1000 + b"<script>alert(1)</script>",
    "nothing": b"",
    "one-byte": b"\xff",
    "lone-mark": b"\xff\xfe",
    "half-a-letter": "é".encode()[:1],
}
"""What it tries → the file."""
