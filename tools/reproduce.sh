#!/usr/bin/env bash
# Computes the tables of docs/RESULTS.md: the comparison of models, that of the forms of attention, maps beside published ones, and the
# frontier of order and fidelity, the last on held-out training images with seeds of its own, since settings are chosen by it. The same
# command resumes a stopped run. Takes hours on two cores.
#
#   tools/reproduce.sh [FOLDER] [OPTION...]     Default: results. Options are passed to every comparison:
#   tools/reproduce.sh /tmp/results --accelerator cuda
#   AT_ONCE=10 tools/reproduce.sh ...           10 processes share the work
#   SEEDS=11..20 tools/reproduce.sh ...         other seeds than 1, 2 and 3
#   PROGRAM=/opt/gensomattn/GenSomAttn.Native tools/reproduce.sh     without .NET: the command that runs the program
set -euo pipefail

folder=results
if (($# > 0)) && [[ $1 != -* ]]; then
    folder=$(realpath -m -- "$1")
    shift
fi

cd "$(dirname "${BASH_SOURCE[0]}")/.."
[[ -n ${PROGRAM:-} ]] || dotnet build GenSomAttn.Native.csproj -c Release -v quiet -nologo
export seeds=${SEEDS:-3} folder program=${PROGRAM:-dotnet run -c Release --no-build --}
at_once=${AT_ONCE:-1}

# The version ends with the commit of the build.
mkdir -p "$folder"
{
    echo "program: $($program --version)"
    [[ -z $(git status --porcelain --untracked-files=no 2>/dev/null) ]] || echo "files differ from that commit"
    echo "processor: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) threads"
    echo "options: $*"
    echo "seeds: $seeds"
    echo "at once: $at_once"
    $program devices
} | tee "$folder/machine.txt"

# work OPTION...: runs all comparisons; trainings locked by another process are skipped, and the last process of a comparison writes its
# table.
work() {
    set -e
    $program compare --seeds "$seeds" --output "$folder/compare" "$@"
    $program compare --seeds "$seeds" --output "$folder/attention" --ablate attention "$@"
    $program compare --seeds "$seeds" --output "$folder/literature" --literature "$@"
    $program compare --seeds 101..103 --validate 5000 --output "$folder/frontier" --frontier "$@"
}

export -f work
quiet=()
((at_once == 1)) || quiet=(--no-progress)
seq "$at_once" | xargs -I {} -P "$at_once" bash -c 'work "$@"' work "${quiet[@]}" "$@" >/dev/null

echo "seconds: $SECONDS" | tee -a "$folder/machine.txt"
for table in compare attention literature frontier; do
    printf '\n%s\n\n' "$folder/$table/comparison.md"
    cat "$folder/$table/comparison.md"
done
