#!/usr/bin/env bash
# Runs the Python of docs/FORMATS.md on a small run, as the unit test of that page does; installs NumPy with apt-get where there is none.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! /usr/bin/python3 -c 'import numpy'; then
    apt-get update >&2
    apt-get install -y --no-install-recommends python3-numpy >&2
fi

dotnet test GenSomAttn.Native.sln --filter FullyQualifiedName~FormatsPageTests "$@"
