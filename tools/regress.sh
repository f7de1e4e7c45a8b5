#!/usr/bin/env bash
# Compares the speed of two commits. Builds both in a temporary folder, runs `bench` of each in turn, and prints the time of the new one
# divided by that of the old one for each measure: the median of the rounds (minimum to maximum), then the median times. A slowdown of
# the machine affects both; the first of a round is each in turn. Not a test: on a busy machine the spread is wide.
#
#   tools/regress.sh [--rounds N] OLD [NEW [BENCH OPTIONS...]]       Defaults: 5 rounds, HEAD, and the options below.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
    printf 'regress.sh: %s\n' "$1" >&2
    exit "${2:-1}"
}

rounds=5
if [[ ${1-} == --rounds ]]; then
    rounds=${2-}
    [[ $rounds =~ ^[1-9][0-9]{0,3}$ ]] || fail "--rounds takes a number from 1 to 9999, not '$rounds'" 2
    shift 2
fi
(($# >= 1)) || fail 'name the old commit: tools/regress.sh [--rounds N] OLD [NEW [BENCH OPTIONS...]]' 2
names=("$1" "${2:-HEAD}")
shift $(($# < 2 ? 1 : 2))
(($# > 0)) || set -- --only step,inference,map --threads 1 --steps 100
for name in "${names[@]}"; do
    git rev-parse --quiet --verify "$name^{commit}" >/dev/null || fail "there is no commit '$name'" 2
done

work=$(mktemp -d)
cleanup() {
    local side
    for side in old new; do
        git worktree remove --force "$work/$side/tree" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap cleanup EXIT

# build SIDE NAME: the program of a commit, in SIDE/program.
build() {
    mkdir -p "$work/$1"
    git worktree add --quiet --detach "$work/$1/tree" "$(git rev-parse "$2^{commit}")"
    (cd "$work/$1/tree" && dotnet publish GenSomAttn.Native.csproj -c Release -o "$work/$1/program" -v quiet -nologo >&2) \
        || fail "$2 cannot be built"
}

# Lines "measure<TAB>median microseconds" from the JSON of bench, which has one key per line. A section is an object or a list of them.
read_times() {
    awk -F': ' '
        function value() { gsub(/[",]/, "", $2); return $2 }
        /"(step|inference|locate|map|epoch|operations)": [[{]/ { gsub(/[ "]/, "", $1); section = $1; what = many = "" }
        /"threads":/ { threads = value() }
        /"(path|work|operation)":/ { what = " " value(); many = "" }
        /"sizes":/ { many = " " value() }
        /"(batch|vectors|images)":/ { many = " " value() }
        /"median_microseconds":/ { printf "%s%s%s, %s threads\t%.3f\n", section, what, many, threads, value() }' "$1"
}

# measure SIDE ROUND BENCH OPTIONS...: appends lines "side, round, measure, time" to $work/times.
measure() {
    local side=$1 round=$2
    shift 2
    printf 'regress.sh: round %d of %d: %s\n' "$round" "$rounds" "$side" >&2
    "$work/$side/program/GenSomAttn.Native" bench --json --data "$PWD/data/fashion-mnist" "$@" >"$work/out" 2>"$work/err" \
        || { cat "$work/err" >&2; fail "the benchmark of the $side commit failed"; }
    read_times "$work/out" | awk -v key="$side"$'\t'"$round" '{ print key "\t" $0 }' >>"$work/times"
}

build old "${names[0]}"
build new "${names[1]}"
for ((round = 1; round <= rounds; round++)); do
    sides=(old new)
    ((round % 2)) || sides=(new old)
    for side in "${sides[@]}"; do
        measure "$side" "$round" "$@"
    done
done

printf 'old: %s\nnew: %s\n' "$(git rev-parse "${names[0]}^{commit}")" "$(git rev-parse "${names[1]}^{commit}")"
awk -F'\t' -v rounds="$rounds" '
    # Sorts values[1..count] by insertion and returns the median.
    function median(values, count,    i, j, held) {
        for (i = 2; i <= count; i++) {
            held = values[i]
            for (j = i - 1; j > 0 && values[j] > held; j--) { values[j + 1] = values[j] }
            values[j + 1] = held
        }
        return (values[int((count + 1) / 2)] + values[int(count / 2) + 1]) / 2
    }
    { time[$1, $2, $3] = $4 }
    !seen[$3]++ { order[++count] = $3 }
    END {
        printf "%-60s %-24s %12s %12s\n", "measure", "new / old", "old us", "new us"
        for (i = 1; i <= count; i++) {
            name = order[i]
            found = 0
            for (round = 1; round <= rounds; round++) {
                if (("old", round, name) in time && ("new", round, name) in time) {
                    old[++found] = time["old", round, name]
                    new[found] = time["new", round, name]
                    ratio[found] = new[found] / old[found]
                }
            }
            if (found) {
                middle = median(ratio, found)
                spread = sprintf("%.3f (%.3f to %.3f)", middle, ratio[1], ratio[found])
                printf "%-60s %-24s %12.1f %12.1f\n", name, spread, median(old, found), median(new, found)
            } else {
                printf "%-60s measured by one of them only\n", name
            }
        }
    }' "$work/times"
