#!/usr/bin/env bash
# Trains on 2,000 synthetic color pictures of 64 x 64 and of 128 x 128, with two stages of convolutions, the default, and with so many that
# a side of 8 is left, and prints a table: parameters, error, time of the last epoch and memory. The runs stay in the folder, with their
# samples.
#
#   tools/larger-images.sh FOLDER [EPOCHS [BATCH [SIDE...]]]       Default: 20 epochs, batches of 16, sides 64 and 128
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=${1:?larger-images.sh: name a folder for pictures and runs}
epochs=${2:-20}
batch=${3:-16}
sides=("${@:4}")
[ "${#sides[@]}" -gt 0 ] || sides=(64 128)
[[ $batch =~ ^[1-9][0-9]{0,3}$ ]] || { echo "larger-images.sh: takes a batch size, not '$batch'" >&2; exit 2; }
[[ $epochs =~ ^[1-9][0-9]{0,3}$ ]] || { echo "larger-images.sh: takes a number of epochs, not '$epochs'" >&2; exit 2; }
mkdir -p "$folder"
dotnet build GenSomAttn.Native.csproj -c Release -v q -nologo

# number NAME: a number of the JSON document on standard input.
number() {
    grep -oE "\"$1\": [-+.eE0-9]+" | head -n 1 | grep -oE '[-+.eE0-9]+$'
}

echo '| side | stages | parameters | mse_e | mse_q | s / epoch | peak memory |'
echo '| --- | --- | --- | --- | --- | --- | --- |'
for side in "${sides[@]}"; do
    [ -d "$folder/$side" ] || dotnet run --file tools/scenes.cs -- "$folder/$side" 2000 "$side" >&2
    deep=2
    while [ $((side >> deep)) -gt 8 ]; do deep=$((deep + 1)); done
    for stages in 2 "$deep"; do
        options=(--data "$folder/$side" --image-size "$side" --epochs "$epochs" --batch-size "$batch" --seed 1 --stages "$stages")
        output=$folder/runs-$side-$stages
        dotnet run -c Release --no-build --project GenSomAttn.Native.csproj -- train "${options[@]}" --json --no-progress \
            --output "$output" >"$output.json"
        run=$(echo "$output"/0001-*)
        dotnet run -c Release --no-build --project GenSomAttn.Native.csproj -- info "$run" --json >"$output.info.json"
        printf '| %s | %s | %s | %s | %s | %s | %s MB |\n' "$side" "$(number stages <"$output.info.json")" \
            "$(number total <"$output.info.json")" "$(number mse_e <"$output.json")" "$(number mse_q <"$output.json")" \
            "$(number seconds <"$output.json")" "$(($(number peak_memory_bytes <"$output.json") / 1000000))"
    done
done
