#!/usr/bin/env bash
# Makes all results of the README: the comparison of models, that of the forms of attention, and the small map beside published ones,
# each over three seeds. Stopped, it goes on where it was when it is started again. Hours on two cores.
#
#   tools/reproduce.sh [FOLDER] [OPTION...]     Default: results. Options are passed to every comparison:
#   tools/reproduce.sh /tmp/results --accelerator cuda
#   AT_ONCE=8 tools/reproduce.sh ...            trains that many models at once, and then scores the three comparisons at once
#   PROGRAM=/opt/gensomattn/GenSomAttn.Native tools/reproduce.sh     where there is no .NET: the command that runs the program
set -euo pipefail

folder=results
if (($# > 0)) && [[ $1 != -* ]]; then
    folder=$(realpath -m -- "$1")
    shift
fi

cd "$(dirname "${BASH_SOURCE[0]}")/.."
[[ -n ${PROGRAM:-} ]] || dotnet build GenSomAttn.Native.csproj -c Release -v quiet -nologo
program=${PROGRAM:-dotnet run -c Release --no-build --}
at_once=${AT_ONCE:-1}
tables=(compare attention literature)

# The version ends in the commit that the program was built from.
mkdir -p "$folder"
{
    echo "program: $($program --version)"
    [[ -z $(git status --porcelain --untracked-files=no 2>/dev/null) ]] || echo "files differ from that commit"
    echo "processor: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) threads"
    echo "options: $*"
    echo "at once: $at_once"
    $program devices
} | tee "$folder/machine.txt"

# compare TABLE OPTION...
compare() {
    local table=$1 options=()
    shift
    [[ $table != attention ]] || options=(--ablate attention)
    [[ $table != literature ]] || options=(--literature)
    $program compare "${options[@]}" --seeds 3 --output "$folder/$table" "$@"
}

quiet=()
((at_once == 1)) || quiet=(--no-progress)
for table in "${tables[@]}"; do
    compare "$table" --begin "$@"
done | xargs -d '\n' -r -P "$at_once" -I RUN $program resume RUN "${quiet[@]}"

running=()
for table in "${tables[@]}"; do
    compare "$table" "$@" >"$folder/$table.txt" &
    running+=($!)
    ((at_once > 1)) || wait $!
done
for process in "${running[@]}"; do
    wait "$process"
done

echo "seconds: $SECONDS" | tee -a "$folder/machine.txt"
for table in "${tables[@]}"; do
    printf '\n%s\n\n' "$folder/$table/comparison.md"
    cat "$folder/$table/comparison.md"
done
