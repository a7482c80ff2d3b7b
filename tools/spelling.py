"""codespell over code, Markdown and the text cells of the notebooks (whose pictures it would read as words)."""

import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).parent.parent


def main():
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(ROOT.glob("notebooks/**/*.ipynb")):
            cells = nbformat.read(path, as_version=4).cells
            text = "\n\n".join(cell.source for cell in cells)
            (Path(folder) / f"{path.parent.name}-{path.stem}.md").write_text(text, encoding="utf-8")
        places = [ROOT / name for name in ("utils", "tests", "tools", "benchmarks", "data")]
        command = [sys.executable, "-m", "codespell_lib", folder, *places, *ROOT.glob("*.md")]
        return subprocess.run(command, cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
