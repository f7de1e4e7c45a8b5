#!/usr/bin/env bash
# Tests the packages: packs them, installs the tool into an empty folder and runs every verb there, outside the repository; runs it once
# by `dotnet tool exec`; completes in a real bash, zsh and PowerShell; compiles a program against the library's package, also as a single
# file; and runs the tool where something is missing: in a read-only folder, without a home, with cultures, and on runs of older and newer
# versions. Uses the packages of this machine's cache, and the network for zsh and PowerShell alone, which are skipped where they cannot be
# installed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
most_bytes=15000000

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
mkdir "$work/empty" "$work/packages"

fail() {
    echo "package-tests: $*" >&2
    exit 1
}

# expect STATUS PATTERN COMMAND...: the command ends with the status, and its output has the pattern.
expect() {
    local status=$1 pattern=$2 got=0
    shift 2
    "$@" >"$work/output" 2>&1 </dev/null || got=$?
    if [ "$got" -ne "$status" ] || ! grep -qE -- "$pattern" "$work/output"; then
        cat "$work/output"
        fail "$* ended with $got, expected $status and $pattern"
    fi
}

# Installs a shell for its completion; the reason why there is none is printed.
has_zsh() {
    command -v zsh >/dev/null || { [ "$(id -u)" -eq 0 ] && apt-get install -y --no-install-recommends zsh >"$work/log" 2>&1; } ||
        { echo 'skipped: there is no zsh, and it cannot be installed'; return 1; }
}

# Version 7.6 is the last for .NET 10.
has_pwsh() {
    dotnet tool install PowerShell --version 7.6.9 --tool-path "$work/shell" >"$work/log" 2>&1 ||
        { echo "skipped: PowerShell cannot be installed: $(tail -n 1 "$work/log")"; return 1; }
}

echo '== pack'
(cd "$root" && dotnet pack -v q -o "$work/packages")
version=$(basename "$work"/packages/gensom.*.nupkg .nupkg)
version=${version#gensom.}
expected=$(printf '%s\n' {GenSomAttn,gensom}."$version".{nupkg,snupkg})
[ "$(cd "$work/packages" && printf '%s\n' *)" = "$expected" ] || fail "other packages than two with their symbols: $(ls "$work/packages")"
for symbols in "$work"/packages/*.snupkg; do
    [ "$(unzip -l "$symbols" | grep -c '\.pdb$')" -eq 6 ] || fail "$symbols has not the symbols of 6 assemblies"
done
for package in "$work"/packages/*.nupkg; do
    [ "$(stat -c %s "$package")" -lt "$most_bytes" ] || fail "$package has $(stat -c %s "$package") bytes"
    unzip -p "$package" '*.nuspec' >"$work/nuspec"
    for element in '<license type="expression">MIT' '<readme>README.md' '<icon>icon.png' '<description>' '<repository .*commit='; do
        grep -q "$element" "$work/nuspec" || fail "$package has no $element"
    done
    ! grep -q 'Package Description' "$work/nuspec" || fail "$package has no description"
done

echo '== install'
has_pwsh && pwsh=$work/shell/pwsh || pwsh=
# Caches of their own, so that no package of an earlier build is taken; all others come from the cache of this machine.
export NUGET_FALLBACK_PACKAGES=${NUGET_PACKAGES:-$HOME/.nuget/packages} NUGET_PACKAGES=$work/cache
dotnet tool install gensom --tool-path "$work/tools" --source "$work/packages" --version "$version"
gensom=$work/tools/gensom
cd "$work/empty"
expect 0 "^${version//./\\.}\+[0-9a-f]{7,}" "$gensom" --version

echo '== every verb outside the repository'
expect 3 'github.com/zalandoresearch/fashion-mnist.*--data sample' "$gensom" train
[ -z "$(ls)" ] || fail "train without data wrote $(ls)"
verb() {
    case $1 in
        train) expect 0 'runs/0001' "$gensom" train --data sample --limit 640 --epochs 1 --seed 1 ;;
        resume) expect 0 'already finished' "$gensom" resume 1 ;;
        generate) expect 0 '\.png' "$gensom" generate 1 --count 4 ;;
        map) expect 0 'prototypes\.png' "$gensom" map 1 ;;
        locate) expect 0 'located.*\.csv' "$gensom" locate 1 --split test ;;
        evaluate) expect 0 'mse_q' "$gensom" evaluate 1 --samples 0 ;;
        compare) expect 0 'somattn' "$gensom" compare --data sample --limit 256 --epochs 1 --seeds 1 ;;
        info) expect 0 'sample' "$gensom" info 1 ;;
        advise) expect 0 'images|loss' "$gensom" advise 1 ;;
        export) expect 0 'model\.safetensors' "$gensom" export 1 ;;
        pack) expect 0 'train-images' "$gensom" pack sample --limit 10 --output packed ;;
        devices) expect 0 'cpu' "$gensom" devices ;;
        doctor) expect 0 'passed' "$gensom" doctor --accelerator cpu ;;
        gradcheck) expect 0 'passed' "$gensom" gradcheck --accelerator cpu ;;
        bench) expect 0 'step' "$gensom" bench --only step --steps 5 --data sample --limit 640 ;;
        completion) expect 0 'complete' "$gensom" completion bash ;;
        *) expect 0 'Usage' "$gensom" "$1" --help ;;
    esac
}

# In the order of the help, which begins with train.
verbs=$("$gensom" '[suggest]' '' | grep -E '^[a-z]+$')
for name in train $(grep -vx train <<<"$verbs"); do
    echo "-- $name"
    verb "$name"
done

echo '== without installing'
expect 0 '^cpu|cpu' dotnet tool exec "gensom@$version" --source "$work/packages" --yes -- devices

echo '== completion in bash'
cat >"$work/complete.sh" <<'SCRIPT'
source <(gensom completion bash)
read -ra COMP_WORDS <<<"$1"
COMP_LINE=$1 COMP_POINT=${#1} COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
$(complete -p gensom | sed 's/.*-F \([^ ]*\).*/\1/')
printf '%s\n' "${COMPREPLY[@]}"
SCRIPT
PATH=$work/tools:$PATH expect 0 '^generate$' bash "$work/complete.sh" 'gensom gen'
PATH=$work/tools:$PATH expect 0 '^--seed$' bash "$work/complete.sh" 'gensom train --see'

echo '== completion in zsh'
cat >"$work/complete.zsh" <<'SCRIPT'
# Types a command line and a tab in an interactive shell, and prints the line that it becomes.
zmodload zsh/zpty
show='show() { print -r -- "line: $BUFFER" }; zle -N show; bindkey "^X" show'
zpty shell TERM=dumb zsh -f -i
zpty -w shell "autoload -Uz compinit; compinit -D -u; $show; source <(gensom completion zsh); print rea''dy"
zpty -r shell output '*ready*'
zpty -w -n shell "$1"$'\t\x18'
zpty -r shell output '*line: *'$'\n'
print -r -- "$output"
zpty -d shell
SCRIPT
if has_zsh; then
    PATH=$work/tools:$PATH expect 0 'line: gensom generate ' timeout 120 zsh -f "$work/complete.zsh" 'gensom gener'
    PATH=$work/tools:$PATH expect 0 'line: gensom train --preset ' timeout 120 zsh -f "$work/complete.zsh" 'gensom train --pres'
fi

echo '== completion in PowerShell'
complete_in_pwsh() {
    "$pwsh" -NoProfile -Command "gensom completion pwsh | Out-String | Invoke-Expression
        (TabExpansion2 '$1' ${#1}).CompletionMatches.CompletionText"
}
if [ -n "$pwsh" ]; then
    PATH=$work/tools:$PATH expect 0 '^generate$' complete_in_pwsh 'gensom gener'
    PATH=$work/tools:$PATH expect 0 '^spatial$' complete_in_pwsh 'gensom train --attention '
fi

echo '== the library: a program compiles against its package, with a decimal comma, and sees nothing else'
mkdir "$work/app"
cat >"$work/app/nuget.config" <<CONFIG
<configuration><packageSources><clear /><add key="packages" value="$work/packages" /></packageSources></configuration>
CONFIG
cat >"$work/app/app.cs" <<PROGRAM
#:package GenSomAttn@$version
#:property PublishAot=false
using System.Globalization;
using GenSomAttn;

var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
comma.NumberFormat.NumberDecimalSeparator = ",";
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = comma;
var images = new Images(Enumerable.Range(0, 640).Select(i => (i % 13) / 12f).ToArray(), 8);
var options = new TrainOptions { Epochs = 2, Rows = 2, Columns = 2, LearningRate = 0.0015 };
using GenerativeMap map = await GenerativeMap.TrainAsync(images, options);
var stream = new MemoryStream();
map.Save(stream);
stream.Position = 0;
using var loaded = GenerativeMap.Load(stream);
bool same = loaded.Encode(images.ToArray()).SequenceEqual(map.Encode(images.ToArray()));
Console.WriteLine(\$"same: {same}, {1.5}, {map.Generate(3, 1).Length} pixels");
PROGRAM
(cd "$work/app" && expect 0 '^same: True, 1,5, 192 pixels$' dotnet run app.cs)
# The analyzer of single files comes in packages of the SDK's version, which this machine's cache need not have.
(cd "$work/app" && dotnet publish app.cs -v q -r "$(dotnet --info | sed -n 's/^ *RID: *//p')" --self-contained false \
    -p:PublishSingleFile=true -p:EnableSingleFileAnalyzer=false -o "$work/single")
[ "$(find "$work/single" -name '*.dll')" = '' ] || fail "the single file has assemblies beside it: $(ls "$work/single")"
expect 0 '^same: True, 1,5, 192 pixels$' "$work/single/app"
sed 's/^Console.*/Console.WriteLine(typeof(GenSomAttn.Model.Data.ImageSet));/' "$work/app/app.cs" >"$work/app/hidden.cs"
(cd "$work/app" && expect 1 'error CS0234.*Model' dotnet run hidden.cs)

echo '== another working directory, an older run, a newer run'
cd /
expect 0 'runs/0001' "$gensom" info "$work"/empty/runs/0001*
cp -r "$work"/empty/runs/0001* "$work/older"
sed -i '/"channels"\|"stages"\|"pictures"/d; s/"version": "[^"]*"/"version": "0.0.1"/' "$work/older/config.json"
sed -i -z 's/,\n *}/\n  }/g' "$work/older/config.json"
expect 0 '0\.0\.1' "$gensom" info "$work/older"
cp -r "$work/older" "$work/newer"
sed -i 's/"version": "[^"]*"/"version": "9.9.9",\n  "of_later": 1/' "$work/newer/config.json"
expect 3 'Version 9\.9\.9 of this program wrote it' "$gensom" info "$work/newer"

echo '== no home, a read-only folder'
expect 0 'runs/0001' env -i PATH="$PATH" ${DOTNET_ROOT:+DOTNET_ROOT="$DOTNET_ROOT"} "$gensom" train --data sample --limit 128 --epochs 1 \
    --output "$work/homeless/runs"
mkdir "$work/read-only"
chmod 755 "$work"
chmod 555 "$work/read-only"
other=()
[ "$(id -u)" -ne 0 ] || other=(setpriv --reuid=65534 --regid=65534 --clear-groups)
cd "$work/read-only"
expect 3 'Cannot make a run in runs' "${other[@]}" "$gensom" train --data sample --limit 128 --epochs 1
expect 0 'cpu' "${other[@]}" "$gensom" devices

echo '== cultures, where there is ICU'
cp -r "$work"/tools/.store/gensom/*/gensom/*/tools/net10.0/any "$work/cultures"
sed -i 's/"System.Globalization.Invariant": true/"System.Globalization.Invariant": false/' "$work"/cultures/*.runtimeconfig.json
! ldconfig -p | grep -q libicuuc || expect 0 'mse_e +0\.' env LC_ALL=de_DE.UTF-8 \
    dotnet "$work/cultures/GenSomAttn.Native.dll" train --data sample --limit 128 --epochs 1 --output "$work/german"

echo 'package-tests: passed'
