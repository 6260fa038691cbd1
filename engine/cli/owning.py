"""Commands for process owners: check, list, lint, export."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from engine.catalog.homes import Home, known_packs
from engine.cli.speaking import add_json, print_json, print_table
from engine.cli.standing import add_data_dir, opened
from engine.errors import NotFound


def add_commands(commands: Any) -> None:
    """Add `pack`, `lint` and `export`."""
    pack = commands.add_parser("pack", help="packs").add_subparsers(required=True, metavar="WHAT")
    check = pack.add_parser("check", help="say everything that is wrong with a pack")
    check.add_argument("pack", help="its folder, or the id of a bundled or installed one")
    add_json(check)
    check.set_defaults(run=run_check)
    coverage = pack.add_parser("coverage", help="say which requirement of its document a pack meets where")
    coverage.add_argument("packs", nargs="+", help="their folders, or the ids of bundled or installed ones")
    add_json(coverage)
    coverage.set_defaults(run=run_coverage)
    listing = pack.add_parser("list", help="list bundled and installed packs")
    listing.add_argument(
        "--deployed", action="store_true", help="list the process versions of all desks instead"
    )
    add_json(listing)
    listing.set_defaults(run=run_list)
    lint = commands.add_parser("lint", help="say everything that is wrong with BPMN files")
    lint.add_argument("files", nargs="+", type=Path, metavar="FILE")
    lint.add_argument("--format", choices=("text", "json", "sarif"), default="text")
    lint.set_defaults(run=run_lint)
    export = commands.add_parser("export", help="print the BPMN of a process version")
    export.add_argument("version", metavar="PROCESS@N")
    export.add_argument("--desk", help="the desk's key, where there are several")
    export.set_defaults(run=run_export)
    for parser in (listing, export):
        add_data_dir(parser)


def run_check(args: argparse.Namespace) -> int:
    """Print a pack's findings; exit status 1 if one is an error."""
    from engine.catalog.check import check_pack
    from engine.catalog.findings import PackRefused
    from engine.catalog.homes import find_pack
    from engine.catalog.pack import read_pack

    try:
        findings = check_pack(read_pack(find_pack(args.pack)))
    except PackRefused as refusal:
        findings = refusal.findings
    if args.json:
        print_json(findings)
    else:
        for finding in findings:
            print(finding)
    return 1 if any(it.severity == "error" for it in findings) else 0


def run_coverage(args: argparse.Namespace) -> int:
    """Print as a page which requirement is met where; packs that say nothing of it are left out."""
    from engine.catalog.homes import find_pack
    from engine.catalog.pack import read_pack
    from engine.catalog.requirements import as_markdown, read_requirements

    packs = [read_pack(find_pack(it)) for it in args.packs]
    found = [(pack.id, said) for pack in packs if (said := read_requirements(pack)[0]) is not None]
    if args.json:
        print_json([{"pack": pack, **vars(it)} for pack, it in found])
    else:
        print(as_markdown(found), end="")
    return 0


def run_list(args: argparse.Namespace) -> int:
    """List the packs that can be named by their ids, or with --deployed the process versions of each desk."""
    if args.deployed:
        return _list_versions(args)
    rows = [_pack_row(home) for home in known_packs()]
    if args.json:
        print_json(rows)
    else:
        print_table(tuple(rows[0]), ((_word(it) for it in row.values()) for row in rows))
    return 0


def _pack_row(home: Home) -> dict[str, Any]:
    manifest = home.manifest
    return {
        "pack": home.id,
        "title": str(manifest.get("title", "")),
        "extends": manifest.get("extends"),
        "base": manifest.get("base") is True,
        "from": home.origin,
        "folder": str(home.folder),
    }


def _word(value: Any) -> Any:
    return {True: "yes", False: "no", None: "–"}.get(value, value)


def _list_versions(args: argparse.Namespace) -> int:
    with opened(args) as casepath:
        rows = [
            {
                "desk": desk.key,
                "process": it.key,
                "version": it.version,
                "title": it.title,
                "at": it.deployed_at,
            }
            for desk in casepath.store.desks.all()
            for it in casepath.store.catalogue.versions(desk.id)
        ]
    if args.json:
        print_json(rows)
    else:
        print_table(("desk", "process", "version", "title", "deployed"), (it.values() for it in rows))
    return 0


def run_lint(args: argparse.Namespace) -> int:
    """Print the findings of BPMN files; exit status 1 if one is an error."""
    from engine.cli.findings import as_sarif, as_text
    from engine.flow import lint

    found = {str(path): lint(path.read_bytes(), path.name) for path in args.files}
    if args.format == "text":
        for path, findings in found.items():
            for finding in findings:
                print(as_text(path, finding))
    elif args.format == "json":
        print_json([{"file": path, **vars_of(it)} for path, findings in found.items() for it in findings])
    else:
        print_json(as_sarif(found))
    return 1 if any(it.severity == "error" for findings in found.values() for it in findings) else 0


def vars_of(finding: Any) -> dict[str, Any]:
    """Return a finding's facts by name."""
    return {name: getattr(finding, name) for name in finding.__dataclass_fields__}


def run_export(args: argparse.Namespace) -> int:
    """Write the BPMN of a deployed version to standard output, byte for byte as it was deployed."""
    key, _, number = args.version.partition("@")
    with opened(args) as casepath:
        desk = casepath.desk(args.desk)
        found = casepath.store.catalogue.version(desk.id, key, int(number)) if number.isdecimal() else None
        if found is None:
            raise NotFound(f"Expected a deployed version such as support_ticket@1, but got {args.version!r}.")
        source = casepath.store.catalogue.file(desk.id, found.snapshot_id, found.path)
    sys.stdout.buffer.write(source or b"")
    return 0
