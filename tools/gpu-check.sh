#!/usr/bin/env bash
# Checks the program on a machine with a GPU, which needs only Bash and the driver: no .NET, no network, no root.
set -euo pipefail
export LC_ALL=C

usage() {
    cat <<'END_OF_USAGE'
tools/gpu-check.sh pack [ARCHIVE]             Default: artifacts/gpu-check.tar.xz
tools/gpu-check.sh run [OUT [ACCELERATOR]]    Defaults: gpu-check, cuda

pack  Publishes the tests, and with them the program, self-contained for linux-x64 into one archive, with the data and this script.
      Needs the .NET 10 SDK, Git and xz. Fails if the archive is larger than 60 MB.
run   In the unpacked folder: devices, doctor, all tests on the accelerator, a training of 20 epochs and its evaluation, bench with
      batches of 64 and of 1,024, and PyTorch (eager, compiled, as a CUDA graph) on the same GPU if python3 has a torch with CUDA.
      Writes OUT/report.json and beside it the output of each step; exits 1 if a step failed. EPOCHS and LIMIT in the environment
      make the training, and LIMIT bench, smaller.

    tar -xJf gpu-check.tar.xz && gpu-check/tools/gpu-check.sh run results
END_OF_USAGE
}

fail() {
    printf 'gpu-check.sh: %s\n' "$1" >&2
    exit "${2:-1}"
}

# Files left out: symbols, other languages, other systems, files of debuggers and coverage, unused parts of .NET.
unneeded=('*.pdb' '*.xml' 'coverlet*' cs de es fr it ja ko pl pt-BR ru tr 'zh-*' runtimes 'Microsoft.CodeCoverage*' 'libmscor*'
    'libcoreclrtrace*' createdump libclrgc.so libclrgcexp.so 'Microsoft.VisualBasic*' System.Data.Common.dll System.Formats.Tar.dll
    System.Linq.AsyncEnumerable.dll System.Net.HttpListener.dll System.Net.Mail.dll System.Net.Quic.dll)

# pack ARCHIVE: builds from a copy, because lock files have no runtime identifier, and the build would remain in artifacts.
pack() {
    local archive=$1 most=60000000 size pattern commit
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    cd "$root"
    commit=$(git describe --always --dirty --abbrev=40 --exclude '*')
    mkdir -p "$(dirname "$archive")" "$work/source" "$work/gpu-check"
    git ls-files -z -- . ':!data' | xargs -0 cp --parents -t "$work/source"
    find "$work/source" -name packages.lock.json -delete
    (cd "$work/source" && dotnet publish tests/GenSomAttn.Tests -c Release -r linux-x64 --self-contained -v quiet -nologo \
        -p:EnableNUnitRunner=true -p:UseAppHost=true -p:RunAnalyzers=false -p:DebugType=none -p:GenerateDocumentationFile=false \
        "-p:SourceRevisionId=$commit" -o "$work/gpu-check/bin") >&2 || fail 'the tests cannot be published'
    for pattern in "${unneeded[@]}"; do
        find "$work/gpu-check/bin" -mindepth 1 -maxdepth 1 -name "$pattern" -exec rm -r {} +
    done
    # The tests find the repository's root by the solution file.
    cp --parents -t "$work/gpu-check" -r GenSomAttn.Native.sln data/fashion-mnist data/classifier tests/goldens \
        tools/gpu-check.sh tools/peer/eager.py
    tar -C "$work" -c gpu-check | xz -6 >"$archive"
    size=$(stat -c %s "$archive")
    printf '%s: %d.%d MB, at most %d allowed\n' "$archive" $((size / 1000000)) $((size / 100000 % 10)) $((most / 1000000))
    ((size <= most))
}

# field FILE KEY [SECTION]: the first value of a key in the program's JSON, which has one key per line, below "SECTION"; null if missing.
field() {
    local value=
    [[ ! -f $1 ]] || value=$(awk -v key="\"$2\": " -v section="\"${3-}\": " '
        section == "\"\": " || index($0, section) { inside = 1 }
        inside && (at = index($0, key)) { value = substr($0, at + length(key)); sub(/,$/, "", value); print value; exit }' "$1")
    printf '%s' "${value:-null}"
}

# The first device of the accelerator, as the keys of a JSON object.
device() {
    awk -v name="\"$accelerator\"" '
        /"name": / && index($0, name) { inside = 1; next }
        inside && /"(name|driver|memory_bytes)": / { sub(/^ +/, ""); sub(/,$/, ""); printf "%s%s", between, $0; between = ", " }
        inside && /\}/ { exit }' "$out/devices.out"
}

# count WORD: a count of the test summary.
count() {
    local value
    value=$(sed -nE "s/^ *$1: *([0-9]+).*/\1/p" "$out/tests.out" 2>/dev/null | tail -n 1)
    printf '%s' "${value:-null}"
}

# last FILE AWK-PROGRAM: the final "value" of the awk program; null if it is empty or there is no such file.
last() {
    local value=
    [[ ! -f $1 ]] || value=$(awk -F'[:,] *' "$2 END { print value }" "$1")
    printf '%s' "${value:-null}"
}

# The number of passed checks follows the checks, which have the same key.
doctor_passed() {
    last "$out/doctor.out" '/"passed": [0-9]/ { value = $2 }'
}

# Median of the BMU search of the most vectors in bench, in microseconds.
search() {
    last "$out/bench.out" '/"work": / { search = /"search"/ } search && /"median_microseconds": / { value = $2 }'
}

# Seconds of all epochs of the training without evaluations: the last column but one of its table.
epoch_seconds() {
    last "$(find "$out/runs" -name metrics.csv)" 'FNR > 1 { value += $(NF - 1) }'
}

# speedup BENCH BATCH: milliseconds of a step of the fastest PyTorch without TF32, divided by those of this program; null without one.
speedup() {
    awk -v peer="$(field "$out/eager.out" "ms_per_step_$2" fastest)" -v own="$(field "$1" median_microseconds step)" \
        'BEGIN { if (peer + 0 > 0 && own + 0 > 0) { printf "%.3f", 1000 * peer / own } else { printf "null" } }'
}

smi() {
    local line
    line=$(nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader 2>/dev/null | head -n 1) || line=
    [[ -n $line ]] && printf '"%s"' "${line//[\"\\]/}" || printf 'null'
}

# step NAME COMMAND...: runs a command, keeps its output and exit code, and rewrites the report, in case the machine goes away.
step() {
    local name=$1 status=0 began=$EPOCHREALTIME
    shift
    printf 'gpu-check.sh: %s: ' "$name" >&2
    "$@" >"$out/$name.out" 2>"$out/$name.err" || status=$?
    local microseconds=$((${EPOCHREALTIME/./} - ${began/./}))
    seconds=$((microseconds / 1000000)).$(printf '%06d' $((microseconds % 1000000)))
    printf 'exit code %d after %s s\n' "$status" "$seconds" >&2
    codes+="${codes:+, }\"$name\": $status"
    times+="${times:+, }\"$name\": $seconds"
    ((status == 0)) || failed=true
    [[ $name != training ]] || training_seconds=$seconds
    report >"$out/report.json"
}

report() {
    cat <<END_OF_REPORT
{
  "failed": $failed,
  "exit_codes": { $codes },
  "process_seconds": { $times },
  "accelerator": "$accelerator",
  "device": { $(device) },
  "nvidia_smi": $(smi),
  "kernel": "$(uname -sr)",
  "processors": $(nproc),
  "version": $(field "$out/bench.out" version),
  "commit": $(field "$out/bench.out" commit),
  "doctor": { "passed": $(doctor_passed), "failed": $(field "$out/doctor.out" failed) },
  "tests": { "total": $(count total), "passed": $(count succeeded), "failed": $(count failed), "skipped": $(count skipped) },
  "training": {
    "epochs": ${EPOCHS:-20},
    "limit": ${LIMIT:-null},
    "process_seconds": $training_seconds,
    "epochs_seconds": $(epoch_seconds),
    "last_epoch_images_per_second": $(field "$out/training.out" images_per_second),
    "mse_e": $(field "$out/training.out" mse_e),
    "mse_q": $(field "$out/training.out" mse_q),
    "peak_memory_bytes": $(field "$out/training.out" peak_memory_bytes),
    "device_memory_bytes": $(field "$out/training.out" device_memory_bytes)
  },
  "bench": {
    "step_median_microseconds": $(field "$out/bench.out" median_microseconds step),
    "launches_per_step": $(field "$out/bench.out" launches step),
    "epoch_images_per_second": $(field "$out/bench.out" images_per_second epoch),
    "search_60000_median_microseconds": $(search)
  },
  "step_1024_median_microseconds": $(field "$out/bench1024.out" median_microseconds step),
  "speedup_of_step_over_fastest_pytorch": {
    "64": $(speedup "$out/bench.out" 64),
    "1024": $(speedup "$out/bench1024.out" 1024)
  },
  "pytorch": $([[ -s $out/eager.out ]] && cat "$out/eager.out" || printf 'null')
}
END_OF_REPORT
}

run() {
    local limit=(${LIMIT:+--limit "$LIMIT"}) program=$root/bin/GenSomAttn.Native
    local training_seconds=null seconds codes='' times='' failed=false
    [[ -x $program ]] || fail "there is no $program: 'run' is for the folder that 'pack' makes" 2
    rm -rf "$out"/runs "$out"/*.{out,err}
    mkdir -p "$out/path" "$out/runs"
    # Tests start the program as `dotnet GenSomAttn.Native.dll`; here it stands by itself.
    printf '#!/bin/sh\nprogram=${1%%.dll}\nshift\nexec "$program" "$@"\n' >"$out/path/dotnet"
    chmod +x "$out/path/dotnet"
    cd "$root"
    step devices "$program" devices --json
    step doctor "$program" doctor --accelerator "$accelerator" --json
    # One at a time: they share the device.
    printf '<RunSettings><NUnit><NumberOfTestWorkers>1</NumberOfTestWorkers></NUnit></RunSettings>\n' >"$out/serial.runsettings"
    PATH=$out/path:$PATH step tests bin/GenSomAttn.Tests --filter "FullyQualifiedName~$accelerator" --progress off \
        --settings "$out/serial.runsettings" --results-directory "$out/tests"
    step training "$program" train --accelerator "$accelerator" --epochs "${EPOCHS:-20}" "${limit[@]}" --no-progress --json \
        --output "$out/runs"
    step evaluate "$program" evaluate "$(find "$out/runs" -mindepth 1 -maxdepth 1 -type d | head -n 1)" --accelerator "$accelerator" --json
    # Without roof and widths: peak FLOP/s and vector widths concern the processor.
    step bench "$program" bench --accelerator "$accelerator" --threads 0 --only step,operations,inference,map,epoch "${limit[@]}" --json
    step bench1024 "$program" bench --accelerator "$accelerator" --threads 0 --only step --batch-size 1024 "${limit[@]}" --json
    if python3 -c 'import sys, torch; sys.exit(not torch.cuda.is_available())' 2>/dev/null; then
        step eager python3 tools/peer/eager.py
    fi
    cat "$out/report.json"
    [[ $failed == false ]]
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
case ${1-} in
    --help) usage ;;
    pack)
        (($# <= 2)) || fail 'pack takes one name; see --help' 2
        pack "$(realpath -m "${2:-$root/artifacts/gpu-check.tar.xz}")" ;;
    run)
        (($# <= 3)) || fail 'run takes a folder and an accelerator; see --help' 2
        out=$(realpath -m "${2:-gpu-check}") accelerator=${3:-cuda}
        run ;;
    *) usage >&2; exit 2 ;;
esac
