# SPDX-License-Identifier: Apache-2.0
"""All hostile files, built when they are asked for; none lies in the repository."""

from __future__ import annotations

from tests.evidence.hostile import archives, pdfs, pictures, texts

CORPUS: dict[str, bytes] = {
    **{f"pdf/{name}": content for name, content in pdfs.HOSTILE.items()},
    **{f"archive/{name}": content for name, content in archives.HOSTILE.items()},
    **{f"picture/{name}": content for name, content in pictures.HOSTILE.items()},
    **{f"text/{name}": content for name, content in texts.HOSTILE.items()},
}
"""What it tries → the file."""

HOSTILE_NAMES = (
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\Windows\\system32\\a.pdf",
    "\\\\server\\share\\a.pdf",
    "invoice\u202efdp.exe",
    "a\0.pdf",
    "a\r\nSet-Cookie: x=1.pdf",
    "CON",
    "nul.txt",
    "invoice.pdf.exe",
    "invoice.pdf          .scr",
    "a" * 5_000,
    "a.pdf ",
    '"><script>alert(1)</script>.pdf',
)
"""Names that try something."""
