#!/usr/bin/env bash
# Compares this program's speed with the libtorch baseline (tools/peer: the same model, data and step) on the processor. The two
# benchmarks alternate, so that a slowdown of the machine affects both. Prints the speedup over libtorch.
set -euo pipefail
export LC_ALL=C

usage() {
    cat <<'END'
tools/race.sh [--pairs N] [--log DIR] [--help]

Runs the benchmarks of the libtorch baseline and of this program in turn, with 1 and with 2 threads, and prints libtorch's time divided
by the program's for each measure: the median of the pairs (minimum to maximum). Then the medians of both in microseconds.

  --pairs N   Pairs of runs for each number of threads. Default: 5, about 5 minutes.
  --log DIR   Folder for the output of the benchmarks. Default: none, it is discarded.
  --help      This text.

Needs root on Debian or a derivative (libtorch runs in a Debian 13 root, see tools/peer/README.md) and the .NET 10 SDK. The first run
builds the baseline and takes minutes more. The machine should be idle otherwise.
END
}

fail() {
    printf 'race.sh: %s\n' "$1" >&2
    exit "${2:-1}"
}

pairs=5
log=
while (($#)); do
    case $1 in
        --help) usage; exit 0 ;;
        --pairs | --log)
            (($# > 1)) || fail "$1 needs a value; see --help" 2
            declare "${1#--}=$2"
            shift 2 ;;
        *) fail "there is no option $1; see --help" 2 ;;
    esac
done
[[ $pairs =~ ^[1-9][0-9]{0,3}$ ]] || fail "--pairs takes a number from 1 to 9999, not '$pairs'" 2
[[ $(uname -s) == Linux && -f /etc/debian_version ]] || fail 'the libtorch baseline runs only on Debian or a derivative'
[[ $(id -u) == 0 ]] || fail 'needs root: the libtorch baseline runs in a Debian 13 root (chroot, mounts)'
command -v dotnet >/dev/null || fail 'needs the .NET 10 SDK: dotnet not found'

# Before the change of folder: a relative --log is relative to the caller's folder.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[[ -n $log ]] || log=$work
mkdir -p "$log"
log=$(cd "$log" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Every setting of the baseline's model is given explicitly, so that changed defaults do not affect the comparison.
program=artifacts/bin/GenSomAttn.Native/release/GenSomAttn.Native
program_bench=(bench --json --only "step,inference,map" --steps 300 --accelerator cpu --data data/fashion-mnist
    --batch-size 64 --latent 32 --map 12x12 --attention latent --loss full --quantized-weight 0.02 --commitment 0.05 --som-update batch
    --epochs 20 --learning-rate 0.002 --sigma-start 4 --sigma-end 0.5 --eta-start 0.3 --eta-end 0.01 --seed 1)
peer_bench=(--bench --model somattn)
thread_counts=(1 2)
measures=("training step" "inference, 64 images" "inference, 1000 images" "one-image latency" "BMU search, 60000 x 32, 144 units")

# No compiler server remains that would take processor time from the measurement.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

# Lines "measure<TAB>microseconds" from the baseline's output. Its images per second have more digits than its milliseconds.
read_peer() {
    awk '
        function say(measure, microseconds) { printf "%s\t%.3f\n", measure, microseconds }
        function rate() { match($0, /[0-9.]+ images\/s/); return substr($0, RSTART) + 0 }
        /^somattn training step:/ { match($0, /median [0-9.]+/); say("training step", 1e3 * substr($0, RSTART + 7, RLENGTH - 7)) }
        /^somattn inference, batch 1:/ { say("one-image latency", 1e6 / rate()) }
        /^somattn inference, batch 64:/ { say("inference, 64 images", 64e6 / rate()) }
        /^somattn inference, batch 1000:/ { say("inference, 1000 images", 1000e6 / rate()) }
        /^map, 60000 x 32 against 144 units:/ {
            match($0, /BMU search [0-9.]+/)
            say("BMU search, 60000 x 32, 144 units", substr($0, RSTART + 11, RLENGTH - 11))
        }' "$1"
}

# Lines "measure<TAB>microseconds" from this program's JSON, which has one key per line: work, batch, then the median.
read_program() {
    awk -F': ' '
        function value() { gsub(/[",]/, "", $2); return $2 }
        /"step": \{/ { done = "step" }
        /"(path|work)":/ { done = value() }
        /"(batch|vectors)":/ { many = value() }
        /"median_microseconds":/ {
            key = done " " many
            name = key == "step 64" ? "training step" \
                : key == "encode_search_decode 64" ? "inference, 64 images" \
                : key == "encode_search_decode 1000" ? "inference, 1000 images" \
                : key == "encode_search_decode 1" ? "one-image latency" \
                : key == "search 60000" ? "BMU search, 60000 x 32, 144 units" : ""
            if (name) { printf "%s\t%.3f\n", name, value() }
        }' "$1"
}

# race_one SIDE PAIR THREADS COMMAND...: runs one benchmark and appends its times to $work/times as "side, threads, pair, measure, time".
race_one() {
    local side=$1 pair=$2 threads=$3 output
    shift 3
    output=$log/$side-$threads-threads-$pair.txt
    printf 'race.sh: pair %d of %d, %d thread(s): %s\n' "$pair" "$pairs" "$threads" "$side" >&2
    "$@" --threads "$threads" >"$output" 2>"$output.err" || { cat "$output.err" >&2; fail "the benchmark of the $side failed"; }
    "read_$side" "$output" >"$work/read"
    (($(wc -l <"$work/read") == ${#measures[@]})) || { cat "$output" >&2; fail "the benchmark of the $side lacks measures"; }
    awk -v key="$side"$'\t'"$threads"$'\t'"$pair" '{ print key "\t" $0 }' "$work/read" >>"$work/times"
}

# Machine and versions.
header() {
    printf 'processor: %s, %s processors\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)"
    printf 'program: commit %s; libtorch baseline: TorchSharp-cpu %s\n' "$(git describe --always --dirty 2>/dev/null || echo unknown)" \
        "$(sed -n 's/.*"TorchSharp-cpu" Version="\([^"]*\)".*/\1/p' tools/peer/Peer.csproj)"
    printf 'Only ratios are comparable between machines and days; the times are not.\n\n'
}

# Ratios and medians from $work/times.
report() {
    printf '%s\n' "${measures[@]}" | awk -F'\t' -v pairs="$pairs" -v counts="${thread_counts[*]}" '
        # Sorts values[1..count] by insertion.
        function sort(values, count,    i, j, held) {
            for (i = 2; i <= count; i++) {
                held = values[i]
                for (j = i - 1; j > 0 && values[j] > held; j--) { values[j + 1] = values[j] }
                values[j + 1] = held
            }
        }
        function median(values, count) { sort(values, count); return (values[int((count + 1) / 2)] + values[int(count / 2) + 1]) / 2 }
        function spread(values,    middle) {
            middle = median(values, pairs)
            return sprintf("%.2fx (%.2fx to %.2fx)", middle, values[1], values[pairs])
        }
        function threads(count) { return count (count == 1 ? " thread" : " threads") }
        function time(side, count, measure,    pair, values) {
            for (pair = 1; pair <= pairs; pair++) { values[pair] = times[side, count, pair, measure] }
            return median(values, pairs)
        }
        # The thread count at which libtorch has its lowest latency for one image.
        function best(measure,    i, found) {
            found = count[1]
            for (i = 2; i <= n; i++) { if (time("peer", count[i], measure) < time("peer", found, measure)) { found = count[i] } }
            return found
        }
        # Ratio of the times of two sides, pair by pair.
        function ratio(side, count, other, otherCount, measure,    pair, ratios) {
            for (pair = 1; pair <= pairs; pair++) {
                ratios[pair] = times[side, count, pair, measure] / times[other, otherCount, pair, measure]
            }
            return spread(ratios)
        }
        BEGIN { n = split(counts, count, " ") }
        FNR == NR { times[$1, $2, $3, $4] = $5; next }
        { measure[++measured] = $1 }
        END {
            print "time of libtorch / time of this program, median of " pairs " pairs (minimum to maximum):"
            for (m = 1; m <= measured; m++) {
                for (i = 1; i <= n; i++) {
                    theirs = measure[m] ~ /one-image/ ? best(measure[m]) : count[i]
                    note = measure[m] ~ /one-image/ ? " (libtorch at its faster thread count, " theirs ")" : ""
                    print measure[m] ", " threads(count[i]) note ": " ratio("peer", theirs, "program", count[i], measure[m])
                }
            }
            for (s = 1; s <= 2; s++) {
                side = s == 1 ? "program" : "peer"
                print (s == 1 ? side : "libtorch") ", training step, " threads(count[1]) " / " threads(count[n]) ": " \
                    ratio(side, count[1], side, count[n], measure[1])
            }
            printf "\n%-50s %14s %14s\n", "medians of the medians, microseconds", "libtorch", "program"
            for (m = 1; m <= measured; m++) {
                for (i = 1; i <= n; i++) {
                    printf "%-50s %14.1f %14.1f\n", measure[m] ", " threads(count[i]), \
                        time("peer", count[i], measure[m]), time("program", count[i], measure[m])
                }
            }
        }' "$work/times" -
}

dotnet build GenSomAttn.Native.csproj -c Release -v quiet -clp:NoSummary >&2 || fail 'the program does not build'
awk '$1 > 0.5 { print "race.sh: the machine is not idle, load " $1 ": the ratios will be noisy" }' /proc/loadavg >&2
for ((pair = 1; pair <= pairs; pair++)); do
    for threads in "${thread_counts[@]}"; do
        race_one peer "$pair" "$threads" tools/peer/run.sh "${peer_bench[@]}"
        race_one program "$pair" "$threads" "$program" "${program_bench[@]}"
    done
done

{ header; report; } | tee "$log/report.txt"
