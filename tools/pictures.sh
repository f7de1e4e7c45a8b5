#!/usr/bin/env bash
# Makes the README's pictures of a trained run:
#
#   tools/pictures.sh RUN FROM TO            FROM and TO: the units of the path, such as 0,3 and 7,10
#
# docs/compare.png and docs/attention-pool.png are comparison.png and attention-pool.png in the folder of a `compare`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ $# != 3 ]; then
    sed -n 's/^# \{0,1\}//p' "${BASH_SOURCE[0]}" | sed 1d >&2
    exit 2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
program="dotnet run --no-build --"
$program map "$1" --from "$2" --to "$3" --output "$work"
$program generate "$1" --count 48 --seed 1 --output "$work/generated.png"
cp "$work/prototypes.png" docs/map.png
cp "$work/labels.png" "$work/path.png" "$work/reconstructions.png" "$work/generated.png" docs
