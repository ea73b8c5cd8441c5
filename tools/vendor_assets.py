# SPDX-License-Identifier: Apache-2.0
"""Refresh the vendored assets of the pages: USWDS, ECharts, the world map, the icons.

Run by hand when a version below changes, never by a build, an install or a node:

    uv run --with fonttools --with brotli python tools/vendor_assets.py

It needs npm. Everything is made in a scratch folder, copied to `static/comity/vendor/` and
written down in `MANIFEST.json` with its version, licence and SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "src/comity/server/static/comity/vendor"
SOURCES = Path(__file__).parent / "vendor"

PACKAGES = {
    "@uswds/uswds": "3.14.0",
    "echarts": "6.1.0",
    "world-atlas": "2.0.2",
    # Tools only: nothing of these is shipped.
    "esbuild": "0.28.2",
    "i18n-iso-countries": "7.14.0",
    "rtlcss": "4.3.0",
    "sass": "1.108.2",
    "topojson-client": "3.1.0",
    "topojson-simplify": "3.0.3",
}


def words(name: str) -> list[str]:
    """One word a line, from a list beside this tool."""
    return (SOURCES / f"{name}.txt").read_text().split()


COMPONENTS = words("components")

# Utility classes that no page of ours uses; without them the style sheet is less than half.
UTILITIES_LEFT_OUT = words("utilities_left_out")

UTILITIES_NOT_RESPONSIVE = ("display", "flex", "margin", "padding", "text-align")

ICONS = words("icons")

FONTS = {
    "PublicSans-Regular": ("normal", 400),
    "PublicSans-Italic": ("italic", 400),
    "PublicSans-Bold": ("normal", 700),
}
# Latin with its extensions, punctuation, currency signs and arrows: every European language.
FONT_RANGE = "U+0020-024F,U+1E00-1EFF,U+2000-206F,U+20A0-20BF,U+2122,U+2190-2193,U+2212"

LICENCES = {
    "uswds": "CC0-1.0 (the Public Sans typeface: SIL OFL 1.1; the icons: Apache-2.0)",
    "echarts": "Apache-2.0 (includes zrender, BSD-3-Clause, and tslib, 0BSD)",
    "world": "public domain: Natural Earth, through world-atlas (ISC)",
}


def run(*command: str | Path, cwd: Path) -> None:
    """Run one tool and stop at its first failure."""
    subprocess.run([str(part) for part in command], cwd=cwd, check=True)


def fetch(scratch: Path) -> Path:
    """All packages, by exact version and without running their install scripts."""
    (scratch / "package.json").write_text("{}")
    wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
    run("npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", *wanted,
        cwd=scratch)  # fmt: skip
    return scratch / "node_modules"


def style_entry() -> str:
    """The SCSS that chooses the theme and the components."""
    settings = [f"${name}-settings: (output: false)" for name in UTILITIES_LEFT_OUT]
    settings += [f"${name}-settings: (responsive: false)" for name in UTILITIES_NOT_RESPONSIVE]
    theme = (SOURCES / "theme.scss").read_text().rstrip().rstrip(",")
    uses = "\n".join(f'@forward "{name}";' for name in COMPONENTS)
    return f'@use "uswds-core" with (\n{theme},\n{", ".join(settings)}\n);\n{uses}\n'


def font_faces() -> str:
    """Our own font faces: only the weights we ship."""
    face = (
        '@font-face{{font-family:"Public Sans Web";font-style:{style};font-weight:{weight};'
        'font-display:swap;src:url(fonts/{name}.woff2) format("woff2")}}'
    )
    return "".join(
        face.format(name=name, style=style, weight=weight)
        for name, (style, weight) in FONTS.items()
    )


def build_styles(modules: Path, out: Path) -> None:
    """uswds.css, its mirror for right-to-left languages, and the pictures they name."""
    entry = modules.parent / "entry.scss"
    entry.write_text(style_entry())
    compiled = modules.parent / "uswds.css"
    run(modules / ".bin/sass", "--quiet", "--quiet-deps", "--no-source-map",
        "--style=compressed", "-I", modules / "@uswds/uswds/packages", entry, compiled,
        cwd=modules.parent)  # fmt: skip
    text = re.sub(r"@font-face\{[^}]*\}", "", compiled.read_text(encoding="utf-8"))
    text = text.removeprefix("\ufeff").removeprefix('@charset "UTF-8";')
    text = '@charset "UTF-8";' + font_faces() + text.replace('url("")', "none")
    (out / "uswds.css").write_text(text, encoding="utf-8")
    run(modules / ".bin/rtlcss", out / "uswds.css", out / "uswds.rtl.css", cwd=modules.parent)
    for picture in sorted(set(re.findall(r'url\("img/([^"]+)"\)', text))):
        target = out / "img" / picture
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / "@uswds/uswds/dist/img" / picture, target)


def build_fonts(modules: Path, out: Path) -> None:
    """The typeface, cut to the letters of `FONT_RANGE`."""
    from fontTools.subset import main as subset

    (out / "fonts").mkdir(parents=True)
    for name in FONTS:
        source = modules / f"@uswds/uswds/dist/fonts/public-sans/{name}.ttf"
        subset([str(source), f"--unicodes={FONT_RANGE}", "--flavor=woff2",
                "--layout-features=kern,liga,tnum,ccmp,locl,mark",
                f"--output-file={out / 'fonts' / name}.woff2"])  # fmt: skip


def build_icons(modules: Path, out: Path) -> None:
    """One sprite of the icons that the pages use."""
    symbols = []
    for name in ICONS:
        svg = (modules / f"@uswds/uswds/dist/img/usa-icons/{name}.svg").read_text()
        drawing = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", svg, flags=re.DOTALL)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>')
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"
    (out / "icons.svg").write_text(sprite)


def build_charts(modules: Path, out: Path) -> None:
    """ECharts with map, bars, lines and points only.

    Drawn on canvas: SVG output needs inline styles, which our content policy forbids.
    """
    entry = modules.parent / "charts.js"
    shutil.copyfile(SOURCES / "charts.js", entry)
    out.mkdir(parents=True)
    run(modules / ".bin/esbuild", entry, "--bundle", "--minify", "--format=iife",
        "--legal-comments=none", "--log-level=warning", "--target=es2020",
        f"--outfile={out / 'echarts.js'}", cwd=modules.parent)  # fmt: skip


def build_world(modules: Path, out: Path) -> None:
    """The countries of the world as GeoJSON, with points where no polygon can be hit."""
    entry = modules.parent / "world.cjs"
    shutil.copyfile(SOURCES / "world.cjs", entry)
    out.mkdir(parents=True)
    run("node", entry, out / "world.json", cwd=modules.parent)
    shutil.copyfile(SOURCES / "world-SOURCES.md", out / "SOURCES.md")


def manifest() -> dict[str, object]:
    """What is vendored: name, version, licence, and the digest of every file."""
    versions = {"uswds": PACKAGES["@uswds/uswds"], "echarts": PACKAGES["echarts"],
                "world": PACKAGES["world-atlas"]}  # fmt: skip
    parts = []
    for name, version in versions.items():
        files = sorted(p for p in (VENDOR / name).rglob("*") if p.is_file())
        digests = {
            p.relative_to(VENDOR).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in files
        }
        parts.append({"name": name, "version": version, "licence": LICENCES[name],
                      "files": digests})  # fmt: skip
    return {"made_by": "tools/vendor_assets.py", "parts": parts}


def main() -> None:
    """Fetch, build, replace, write down."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        modules = fetch(scratch)
        out = scratch / "out"
        (out / "uswds").mkdir(parents=True)
        build_styles(modules, out / "uswds")
        build_fonts(modules, out / "uswds")
        build_icons(modules, out / "uswds")
        build_charts(modules, out / "echarts")
        build_world(modules, out / "world")
        shutil.copyfile(modules / "@uswds/uswds/LICENSE.md", out / "uswds/LICENSE.md")
        shutil.copyfile(modules / "echarts/LICENSE", out / "echarts/LICENSE")
        shutil.copyfile(modules / "zrender/LICENSE", out / "echarts/LICENSE.zrender")
        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.copytree(out, VENDOR)
    (VENDOR / "MANIFEST.json").write_text(json.dumps(manifest(), indent=1) + "\n")
    print(f"Vendored assets written to {VENDOR}.")


if __name__ == "__main__":
    main()
