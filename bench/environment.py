"""What was measured on, and with which versions: rows of a table."""

import datetime
import os
import pathlib
import platform
import re
import subprocess
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEERS = ("fastwebsockets", "sockudo-ws", "tokio-websockets", "tungstenite", "wtx")


def first_line(*command):
    return subprocess.check_output(command, text=True).splitlines()[0]


def processor():
    lines = subprocess.check_output(["lscpu"], text=True).splitlines()
    fields = dict(map(str.strip, line.split(":", 1)) for line in lines if ":" in line)
    family = ", ".join(
        f"{name.lower()} {fields[name]}" for name in ("CPU family", "Model") if name in fields
    )
    caches = ", ".join(
        f"{name} {fields[name + ' cache']}"
        for name in ("L1d", "L2", "L3")
        if name + " cache" in fields
    )
    return [
        ("processor", f"{fields.get('Model name', platform.machine())} ({family})"),
        ("cores", f"{os.cpu_count()}{', virtual' if 'Hypervisor vendor' in fields else ''}"),
        ("caches", caches),
    ]


def packaged_version(packaged):
    """Of the package that the directory was unpacked from."""
    names = [path.name for path in packaged.glob("libwslay1_*.deb")]
    return re.match("libwslay1_([^_]*)_", names[0])[1] if names else "unknown"


def crate_versions():
    lock = tomllib.loads((ROOT / "bench/peers/Cargo.lock").read_text())
    versions = {package["name"]: package["version"] for package in lock["package"]}
    return ", ".join(f"{name} {versions[name]}" for name in PEERS)


def own_version():
    version = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]["version"]
    commit = first_line("git", "-C", str(ROOT), "describe", "--always", "--dirty")
    return f"{version}, built from {commit}"


def rows(packaged):
    """Name and value, in the order to print them."""
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    return [
        ("date", today),
        *processor(),
        ("kernel", f"{platform.system()} {platform.release()}"),
        ("libc", " ".join(platform.libc_ver())),
        ("this library", own_version()),
        ("libwslay1", f"Debian's package, {packaged_version(packaged)}"),
        ("Rust libraries", crate_versions()),
        ("rustc", first_line("rustc", "--version").split()[1]),
        ("C compiler", first_line(os.environ.get("CC", "cc"), "--version")),
    ]
