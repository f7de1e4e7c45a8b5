#!/usr/bin/env bash
# Prints the branch coverage of each file reader by the tests of Formats, Runs, Data and Hostile.
# Fails if the coverage of all readers together is below a bound.
#
#   tools/coverage.sh [PERCENT]       Default: 90
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bound=${1:-90}
[[ $bound =~ ^(100|[1-9]?[0-9])$ ]] || { echo "coverage.sh: takes a number from 0 to 100, not '$bound'" >&2; exit 2; }
readers='WholeFile ContentReader GzipBody Crc32 IdxReader FolderTexts
    SafetensorsFile SafetensorsHeader SafetensorsTensor CheckpointFile StrictJson FiniteConverter RunConfig PartialConfig MetricsLog
    PictureFile PictureLimits PngFile PngHeader JpegFile BmpFile PictureListing ImageFolder Dataset FolderFiles RunNumbers'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dotnet test tests/GenSomAttn.Tests --results-directory "$work" \
    --filter "$(printf '|FullyQualifiedName~Tests.%s' Formats Runs Data Hostile | cut -c2-)" \
    --collect 'XPlat Code Coverage' \
    -- 'DataCollectionRunSettings.DataCollectors.DataCollector.Configuration.Include=[GenSomAttn.Model]*,[GenSomAttn.Formats]*'

# Cobertura lists each line twice, in its method and in its class; lambdas and nested types are separate classes.
find "$work" -name coverage.cobertura.xml -exec cat {} + | awk -v readers="$readers" -v bound="$bound" '
    /<class / {
        match($0, /filename="[^"]*"/)
        file = substr($0, RSTART + 10, RLENGTH - 11)
        sub(/.*[\/\\]/, "", file)
        sub(/\.cs$/, "", file)
    }
    /<methods>/ { inMethods = 1 }
    /<\/methods>/ { inMethods = 0 }
    !inMethods && match($0, /condition-coverage="[^"]*\([0-9]+\/[0-9]+\)/) {
        split(substr($0, RSTART, RLENGTH), parts, /[(\/)]/)
        taken[file] += parts[2]
        all[file] += parts[3]
    }
    END {
        count = split(readers, names, /[ \n]+/)
        printf "%-20s %8s %8s %8s\n", "reader", "branches", "covered", "share"
        for (i = 1; i <= count; i++) {
            name = names[i]
            if (all[name] > 0) printf "%-20s %8d %8d %7.1f%%\n", name, all[name], taken[name], 100 * taken[name] / all[name]
            sumAll += all[name]
            sumTaken += taken[name]
        }
        if (sumAll == 0) { print "coverage.sh: nothing was measured"; exit 1 }
        share = 100 * sumTaken / sumAll
        printf "%-20s %8d %8d %7.1f%%\n", "all", sumAll, sumTaken, share
        if (share < bound) { printf "less than %d%%\n", bound; exit 1 }
    }'
