#!/usr/bin/env bash
# Computes the tables of docs/RESULTS.md: the comparison of models, that of the forms of attention, and the small map beside published
# ones, each over three seeds. The same command resumes a stopped run. Takes hours on two cores.
#
#   tools/reproduce.sh [FOLDER] [OPTION...]     Default: results. Options are passed to every comparison:
#   tools/reproduce.sh /tmp/results --accelerator cuda
#   AT_ONCE=10 tools/reproduce.sh ...           10 processes share the work
#   PROGRAM=/opt/gensomattn/GenSomAttn.Native tools/reproduce.sh     without .NET: the command that runs the program
set -euo pipefail

folder=results
if (($# > 0)) && [[ $1 != -* ]]; then
    folder=$(realpath -m -- "$1")
    shift
fi

cd "$(dirname "${BASH_SOURCE[0]}")/.."
[[ -n ${PROGRAM:-} ]] || dotnet build GenSomAttn.Native.csproj -c Release -v quiet -nologo
export folder program=${PROGRAM:-dotnet run -c Release --no-build --}
at_once=${AT_ONCE:-1}

# The version ends with the commit of the build.
mkdir -p "$folder"
{
    echo "program: $($program --version)"
    [[ -z $(git status --porcelain --untracked-files=no 2>/dev/null) ]] || echo "files differ from that commit"
    echo "processor: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) threads"
    echo "options: $*"
    echo "at once: $at_once"
    $program devices
} | tee "$folder/machine.txt"

# work OPTION...: runs all comparisons; trainings locked by another process are skipped, and the last process of a comparison writes its
# table.
work() {
    set -e
    $program compare --seeds 3 --output "$folder/compare" "$@"
    $program compare --seeds 3 --output "$folder/attention" --ablate attention "$@"
    $program compare --seeds 3 --output "$folder/literature" --literature "$@"
}

export -f work
quiet=()
((at_once == 1)) || quiet=(--no-progress)
seq "$at_once" | xargs -I {} -P "$at_once" bash -c 'work "$@"' work "${quiet[@]}" "$@" >/dev/null

echo "seconds: $SECONDS" | tee -a "$folder/machine.txt"
for table in compare attention literature; do
    printf '\n%s\n\n' "$folder/$table/comparison.md"
    cat "$folder/$table/comparison.md"
done
