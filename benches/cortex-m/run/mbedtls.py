#!/usr/bin/env python3
"""Where cargo has mbedTLS's source, for a target that nothing is built for: prints the folder."""

import json
import os

from shared import HERE
from image import run


def main():
    found = json.loads(run("cargo", "metadata", "--quiet", "--locked", "--format-version", "1", "--manifest-path",
                           os.path.join(HERE, "../mbedtls/Cargo.toml"), "--filter-platform", "thumbv7em-none-eabihf"))
    manifest, = (package["manifest_path"] for package in found["packages"] if package["name"] == "mbedtls-sys-auto")
    print(os.path.join(os.path.dirname(manifest), "vendor"))


if __name__ == "__main__":
    main()
