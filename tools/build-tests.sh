#!/usr/bin/env bash
# Tests, in a copy of the repository, that a user's build does not break without a change of the code: the SDKs that global.json accepts;
# warnings and NuGet advisories, which are listed for everyone and are errors only with CI=true. Prints a line for each check; exits 1 if
# one failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
export NUGET_HTTP_CACHE_PATH=$work/http DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
copy=$work/copy
log=$work/log
failures=0

# check NAME ACCEPTED|REFUSED PATTERNS COMMAND...: runs a command, whose output must have each of the patterns, separated by spaces.
check() {
    local name=$1 expected=$2 patterns=$3 result=ACCEPTED pattern
    shift 3
    "$@" >"$log" 2>&1 || result=REFUSED
    for pattern in $patterns; do
        grep -q -- "$pattern" "$log" || result="without $pattern"
    done
    if [ "$result" = "$expected" ]; then
        printf 'passed  %s\n' "$name"
    else
        printf 'FAILED  %s: %s, where %s was expected\n' "$name" "$result" "$expected"
        cat "$log"
        failures=$((failures + 1))
    fi
}

# sdk VERSION: a copy of .NET whose only SDK is the installed one under the name of another version.
sdk() {
    local dotnet
    dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
    rm -rf "$work/sdk"
    mkdir -p "$work/sdk/sdk"
    cp "$dotnet/dotnet" "$work/sdk/"
    ln -s "$dotnet"/{host,shared,packs} "$work/sdk/"
    ln -s "$dotnet/sdk/$(dotnet --version)" "$work/sdk/sdk/$1"
}

# The files of the working tree; packages are restored from the user's package cache.
mkdir "$copy"
git ls-files -z --cached --others --exclude-standard -- . ':!data' ':!docs' | tar -c --null --files-from=- | tar -x -C "$copy"

# .NET selects the newest installed release, whatever its feature band or major version.
for version in 10.0.100 10.0.107 10.0.305 10.0.999 11.0.100 12.0.201; do
    sdk "$version"
    check "SDK $version" ACCEPTED '' env -C "$copy" -u DOTNET_ROOT "$work/sdk/dotnet" --version
done
for version in 9.0.310 10.0.100-rc.2.25502.107; do
    sdk "$version"
    check "SDK $version" REFUSED global.json env -C "$copy" -u DOTNET_ROOT "$work/sdk/dotnet" --version
done

# One advisory of each severity, low to critical; the last is for a transitive package.
dotnet build -v q -o "$work/server" tools/advisory-server.cs
"$work/server/advisory-server" ILGPU=0 MathNet.Numerics=1 SixLabors.ImageSharp=2 Spectre.Console.Ansi=3 >"$work/address" &
server=$!
for _ in {1..300}; do
    [ ! -s "$work/address" ] || break
    kill -0 "$server"
    sleep 0.1
done
cat >"$copy/NuGet.config" <<XML
<configuration>
  <auditSources>
    <clear />
    <add key="advisories" value="$(cat "$work/address")" allowInsecureConnections="true" />
  </auditSources>
</configuration>
XML
listed='NU1901.*ILGPU NU1902.*MathNet.Numerics NU1903.*SixLabors.ImageSharp NU1904.*Spectre.Console.Ansi'
restore=(dotnet restore GenSomAttn.Native.csproj --force)
check 'advisories are warnings for users' ACCEPTED "$listed" env -C "$copy" -u CI "${restore[@]}"
check 'advisories are errors with CI=true' REFUSED "$listed" env -C "$copy" CI=true "${restore[@]}"
rm "$copy/NuGet.config"

# Warnings of the compiler, of an analyzer and of the code style.
cat >"$copy/kernels/GenSomAttn.Kernels/Planted.cs" <<'CS'
using System.Text;
namespace GenSomAttn.Kernels;
/// <summary>Planted by a test.</summary>
public static class Planted
{
    /// <summary>Planted by a test.</summary>
    [System.Obsolete]
    public static void Old(string[] names) { int unused; System.Console.WriteLine(names.Length); }
    /// <summary>Planted by a test.</summary>
    public static void New() => Old(null);
}
CS
build=(dotnet build kernels/GenSomAttn.Kernels --no-incremental)
listed='CS0168 CS0612 CS8625 IDE0005'
check 'warnings are warnings for users' ACCEPTED "$listed" env -C "$copy" -u CI "${build[@]}"
check 'warnings are errors with CI=true' REFUSED "$listed" env -C "$copy" CI=true "${build[@]}"

# A later SDK has later analysis levels; the repository pins its own.
check 'the next SDK adds no analyzers' ACCEPTED '^10.0$' env -C "$copy" \
    dotnet msbuild GenSomAttn.Native.csproj -p:_LatestAnalysisLevel=11.0 -getProperty:EffectiveAnalysisLevel

[ "$failures" -eq 0 ]
