#!/usr/bin/env bash
# Fuzzes for hours: every reader of files, whose corpus grows by each file with an outcome that none had before, and in turn the program
# with random command lines, environments and configuration files (fuzz.py). Prints a line of counts for each.
#
#   tools/fuzz.sh [HOURS] [SEED]       Default: 1 hour, seed 1. A part of an hour is 0.25.
#
# The corpus is in GENSOM_FUZZ_CORPUS or else in the user's cache folder, and the next run begins with it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

hours=${1:-1}
seed=${2:-1}
[[ $hours =~ ^[0-9]*\.?[0-9]+$ && $seed =~ ^[0-9]{1,6}$ ]] || { echo 'usage: tools/fuzz.sh [HOURS] [SEED]' >&2; exit 2; }
export GENSOM_FUZZ_CORPUS=${GENSOM_FUZZ_CORPUS:-${XDG_CACHE_HOME:-$HOME/.cache}/gensomattn-fuzz}
export GENSOM_FUZZ_INPUTS=${GENSOM_FUZZ_INPUTS:-200000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build tests/GenSomAttn.Tests -v quiet -nologo >&2
program=$PWD/artifacts/bin/GenSomAttn.Native/debug/GenSomAttn.Native

end=$((SECONDS + $(awk -v hours="$hours" 'BEGIN { printf "%d", 3600 * hours }')))
failed=0
while ((SECONDS < end)); do
    export GENSOM_FUZZ_SEED=$seed
    began=$SECONDS
    dotnet test tests/GenSomAttn.Tests --no-build --logger 'console;verbosity=normal' \
        --filter 'FullyQualifiedName~HostileTests.Read_DamagedInAnyWay' >"$work/tests.log" 2>&1 ||
        { failed=1; tail -n 60 "$work/tests.log" >&2; }
    grep -oE 'hostile: .*' "$work/tests.log" >>"$work/readers" || true

    # As long as the readers took, but at least a minute.
    python3 tools/fuzz.py "$program" "$((SECONDS - began > 60 ? SECONDS - began : 60))" "$seed" >>"$work/commands" || failed=1
    seed=$((seed + 1))
done

awk '{ for (i = 1; i <= NF; i++) if ($i == "inputs,") { name = ""; for (j = 2; j < i - 1; j++) name = name " " $j
        inputs[name] += $(i - 1); accepted[name] += $(i + 1); bad[name] += $(i + 5) } }
    END { for (name in inputs) printf "%-20s %d inputs, %d accepted, %d bad\n", name, inputs[name], accepted[name], bad[name] }' \
    "$work/readers" | sort
cat "$work/commands"
find "$GENSOM_FUZZ_CORPUS" -type f | wc -l | sed 's/$/ files in the corpus/'
exit "$failed"
