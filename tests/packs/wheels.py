"""Packs as wheels: built as the binary distribution format says (PEP 427), and installed by pip or uv."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path


def build_wheel(folder: Path, pack: Mapping[str, str | bytes], package: str, version: str = "1.0") -> Path:
    """Write a wheel of a package whose folder holds a pack, named by an entry point; return its file.

    It is written here and not by a build backend, because none is part of what tests install.
    """
    name = package.replace("_", "-")
    facts = f"{package}-{version}.dist-info"
    files = {f"{package}/__init__.py": "raise ImportError('nobody imports a pack to find it')\n"}
    files |= {f"{package}/{path}": it for path, it in pack.items()}  # type: ignore[misc]
    files[f"{facts}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    files[f"{facts}/WHEEL"] = (
        "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    files[f"{facts}/entry_points.txt"] = f"[casepath.packs]\n{package} = {package}\n"
    contents = {path: it.encode() if isinstance(it, str) else it for path, it in files.items()}
    rows = [f"{path},sha256={_digest(it)},{len(it)}" for path, it in contents.items()]
    contents[f"{facts}/RECORD"] = "\n".join([*rows, f"{facts}/RECORD,,", ""]).encode()
    wheel = folder / f"{package}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, content in contents.items():
            archive.writestr(path, content)
    return wheel


def install_wheel(wheel: Path, target: Path) -> Path:
    """Install a wheel into a folder, without a network; return the folder, which belongs on the path of modules."""
    command = [*_installer(target.parent), "install", "--quiet", "--no-index", "--no-deps", "--target"]
    subprocess.run([*command, str(target), str(wheel)], check=True, capture_output=True, timeout=300)
    return target


def _installer(folder: Path) -> list[str]:
    """Return the command that installs: what makes Casepath's own environment always brings one of these."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    if uv := shutil.which("uv"):
        return [uv, "pip"]
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True, timeout=300)
    return [str(environment / "bin" / "python"), "-m", "pip"]


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
