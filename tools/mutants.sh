#!/usr/bin/env bash
# Hand-made mutants of the SIMD code and the kernels, which no tool for mutation testing reaches well: a wrong stride, a missing barrier, a
# swapped index, a dropped tail, an index off by one, a wrong fence, a count without an atomic. Each is applied to a copy of the repository
# at HEAD, built, and must be killed: its check must fail. Prints a line for each and their number; exits with 1 if one survives.
#
#   tools/mutants.sh [PATTERN]    only mutants whose name has the extended regular expression PATTERN; default: all, some 40 minutes
#
# A mutant that does not compile, or whose text is not exactly once in its file, is an error of this script and ends it with 2.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

pattern=${1:-.}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone -q . "$work/copy"
cd "$work/copy"
program=artifacts/bin/GenSomAttn.Native/debug/GenSomAttn.Native
simd=src/GenSomAttn.Backends/Simd
kernels=kernels/GenSomAttn.Kernels
tried=0
survived=0

# build PROJECT: builds without analyzers.
build() {
    dotnet build "$1" -v quiet -nologo -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false >"$work/build" 2>&1 ||
        { tail -n 20 "$work/build" >&2; echo "mutants.sh: $1 does not compile" >&2; exit 2; }
}

# cpu, device: every operation, forward and backward, and ten training steps, against the reference.
cpu() {
    build GenSomAttn.Native.csproj
    timeout 300 "$program" doctor --accelerator cpu
}

device() {
    build GenSomAttn.Native.csproj
    timeout 600 "$program" doctor --accelerator ilgpu-cpu
}

# tests FILTER: unit tests.
tests() {
    build tests/GenSomAttn.Tests/GenSomAttn.Tests.csproj
    timeout 600 dotnet test --no-build tests/GenSomAttn.Tests/GenSomAttn.Tests.csproj --filter "$1"
}

# mutant NAME FILE OLD NEW CHECK...: replaces OLD, which must be in FILE exactly once, by NEW; the check must then fail.
mutant() {
    local name=$1 file=$2 old=$3 new=$4 content rest
    shift 4
    [[ $name =~ $pattern ]] || return 0
    content=$(<"$file")
    rest=${content/"$old"/}
    if [ "$rest" = "$content" ] || [ "${rest/"$old"/}" != "$rest" ]; then
        echo "mutants.sh: $name: '$old' is not exactly once in $file" >&2
        exit 2
    fi
    printf '%s\n' "${content/"$old"/"$new"}" >"$file"
    tried=$((tried + 1))
    if "$@" >"$work/check" 2>&1; then
        survived=$((survived + 1))
        printf 'SURVIVED: %s\n' "$name"
    else
        printf 'killed: %s, by %s\n' "$name" "$*"
    fi
    git checkout -q -- "$file"
}

# The checks pass without a mutant.
cpu >"$work/check" 2>&1 || { tail "$work/check" >&2; echo 'mutants.sh: doctor fails on cpu without a mutant' >&2; exit 2; }
device >"$work/check" 2>&1 || { tail "$work/check" >&2; echo 'mutants.sh: doctor fails on ilgpu-cpu without a mutant' >&2; exit 2; }

# SIMD.
mutant 'SIMD product: rows of an accumulator swapped' $simd/Gemm/MatrixTile.cs \
    'StoreRow(output[6] + column, c60, c61)' 'StoreRow(output[6] + column, c70, c61)' cpu
mutant 'SIMD product: wrong stride of a weight gradient' $simd/Gemm/MatrixTile.cs \
    'AddToRow(output += outputStride, c40, c41)' 'AddToRow(output += 2 * TVector.Count, c40, c41)' cpu
mutant 'SIMD product: last rows of a tile repeat the wrong one' $simd/Gemm/MatrixTile.cs \
    'rows[r] = rows[valid - 1]' 'rows[r] = rows[valid]' tests 'FullyQualifiedName~Ops'
mutant 'SIMD product: dropped columns at the edge' $simd/Gemm/Panels.cs \
    'int validColumns = Math.Min(width, Columns - column);
        float* tile' 'int validColumns = Math.Min(width, Columns - column - 1);
        float* tile' cpu
mutant 'SIMD packing: column stride ignored' $simd/Gemm/Panels.cs \
    'destination[j] = source[(long)j * ColumnStride]' 'destination[j] = source[j]' cpu
mutant 'SIMD weight gradient: an edge tile is not cleared' $simd/Gemm/OuterProducts.cs \
    'new Span<float>(tile, Height * width).Clear();' '' cpu
mutant 'SIMD elementwise: dropped tail' $simd/Rows/Elementwise.cs \
    'if (i < end)' 'if (i + 1 < end)' cpu
mutant 'SIMD elementwise: one vector too far' $simd/Rows/Elementwise.cs \
    'i <= end - TVector.Count' 'i < end' cpu
mutant 'SIMD Adam: tail of the second moment not kept' $simd/SimdBackend.Adam.cs \
    'new Span<float>(v, count).CopyTo(new Span<float>(SecondMoment + first, count));' '' cpu
mutant 'SIMD layer norm: tail of a partial sum dropped' $simd/SimdBackend.LayerNorm.cs \
    'weightedSum += g * normalized;' '' cpu
mutant 'SIMD layer norm: rows of an item overlap the next' $simd/SimdBackend.LayerNorm.cs \
    'dBias = dWeight + Shape.Length' 'dBias = dWeight + Shape.Length - 1' cpu
mutant 'SIMD BMU: a sample of the last panel is the wrong one' $simd/SimdBackend.BestMatchingUnits.cs \
    'Math.Min(j + i, valid - 1)' 'Math.Min(j + i, valid - 2)' cpu
mutant 'SIMD BMU: equal distances take the higher unit' $simd/SimdBackend.BestMatchingUnits.cs \
    'second < nearest)' 'second > nearest)' tests 'FullyQualifiedName~Ops'
mutant 'SIMD map: sums of units without a hit are kept' $simd/SimdBackend.SomUpdateBatch.cs \
    'int unit = shape.Samples < shape.Units ? Bmu[n] : n;' 'int unit = n;' cpu
mutant 'SIMD windows: tail of a row dropped' $simd/Conv/BorderedImage.cs \
    'for (; i < run; i++)' 'for (; i < run - 1; i++)' cpu
mutant 'SIMD windows: passes overlap' $simd/Conv/BorderedImage.cs \
    'pass < Math.Min(passes, g.SmallWidth)' 'pass < Math.Min(passes, g.SmallWidth) - 1' cpu
mutant 'SIMD Winograd: sign of a product' $simd/Winograd/WinogradAxis.cs \
    'Out(i + 1, phase, -1)' 'Out(i + 1, phase, 1)' cpu
mutant 'SIMD Winograd: the last of an odd number dropped' $simd/Winograd/WinogradAxis.cs \
    '_smallLength % 2 == 1' '_smallLength % 2 == 2' cpu
mutant 'Threads: an item taken without an atomic' $simd/Threads/WorkerPool.cs \
    'long now = Interlocked.CompareExchange(ref _lines.ToTake, seen + 1, seen);' \
    'long now = _lines.ToTake; _lines.ToTake = seen + 1;' tests 'FullyQualifiedName~WorkerPool'
mutant 'Threads: completed items counted without an atomic' $simd/Threads/WorkerPool.cs \
    'Interlocked.Add(ref _lines.Done, done);' '_lines.Done += done;' tests 'FullyQualifiedName~WorkerPool'
mutant 'Threads: a job returns before the last item' $simd/Threads/WorkerPool.cs \
    'Volatile.Read(ref _lines.Done) != items - done' 'Volatile.Read(ref _lines.Done) < items - done - 1' \
    tests 'FullyQualifiedName~WorkerPool'

# Kernels.
mutant 'Kernel reduction: no barrier after the values are stored' $kernels/GroupReduction.cs \
    'shared[thread] = value;
        Group.Barrier();' 'shared[thread] = value;' device
mutant 'Kernel reduction: no barrier before memory is used again' $kernels/GroupReduction.cs \
    '        Group.Barrier();
        shared[thread] = value;' '        shared[thread] = value;' device
mutant 'Kernel reduction: an odd half' $kernels/GroupReduction.cs \
    'half > 0; half /= 2' 'half > 1; half /= 2' device
mutant 'Kernel product: wrong stride of shared memory' $kernels/MatrixProductKernels.cs \
    'int stride = tile + PerThread;' 'int stride = tile;' device
mutant 'Kernel product: rows of the left tile swapped' $kernels/MatrixProductKernels.cs \
    'StoreRow(output, row + 2, column, sums2' 'StoreRow(output, row + 2, column, sums3' device
mutant 'Kernel product: inner indices beyond the end counted' $kernels/MatrixProductKernels.cs \
    'return inner < end ? factor.Four(_outer0, factor.Inner(inner)) : default;' \
    'return factor.Four(_outer0, factor.Inner(Math.Min(inner, end - 4)));' device
mutant 'Kernel product: columns beyond the last stored' $kernels/MatrixProductKernels.cs \
    'StoreElement(output, row, column + 3, sums.W, columns)' 'StoreElement(output, row, column + 3, sums.W, columns + 1)' device
mutant 'Kernel column sum: a row of each block twice' $kernels/ColumnSumKernels.cs \
    'int end = Math.Min((block + 1) * rowsPerBlock, rows);' 'int end = Math.Min(((block + 1) * rowsPerBlock) + 1, rows);' device
mutant 'Kernel column sum: wrong stride of the tree' $kernels/ColumnSumKernels.cs \
    'shared[thread + (half * across)]' 'shared[thread + half]' device
mutant 'Kernel loss: index off by one' $kernels/LossKernels.cs \
    'float difference = prediction[i] - target[i];' 'float difference = prediction[i] - target[i == 0 ? 0 : i - 1];' device
mutant 'Kernel BMU: dimensions beyond the last not zero' $kernels/BestMatchingUnitsKernels.cs \
    'firstDimension + d < dimensions' 'firstDimension + d <= dimensions' device
mutant 'Kernel BMU: second unit of a tile dropped' $kernels/BestMatchingUnitsKernels.cs \
    'nearest.SecondUnit == NearestTwo.None ? -1 : nearest.SecondUnit' 'nearest.Unit' device
mutant 'Kernel BMU: no barrier before the results' $kernels/BestMatchingUnitsKernels.cs \
    'stored side by side; then one thread reduces those of one sample.
        Group.Barrier();' 'stored side by side; then one thread reduces those of one sample.' device
mutant 'Kernel map: rows and columns swapped' $kernels/SomUpdateKernels.cs \
    'int start = ((r * shape.MapWidth) + column) * (count + 1);' 'int start = ((r * shape.MapHeight) + column) * (count + 1);' device
mutant 'Kernel map: no barrier between two samples' $kernels/SomUpdateKernels.cs \
    '            }

            Group.Barrier();' '            }
' device
mutant 'Kernel attention: heads swapped with tokens' $kernels/AttentionKernels.cs \
    '((((Sequence * shape.Tokens) + token) * shape.Heads) + Head) * shape.HeadSize;' \
    '((((Sequence * shape.Heads) + Head) * shape.Tokens) + token) * shape.HeadSize;' device
mutant 'Kernel attention: a fourth channel of three written' $kernels/AttentionKernels.cs \
    'First + 3 < HeadSize' 'First + 3 <= HeadSize' device
mutant 'Kernel layer norm: variance about zero' $kernels/LayerNormKernels.cs \
    'float centered = input[start + i] - mean;' 'float centered = input[start + i];' device
mutant 'Kernel pooling: mean over the whole window' $kernels/Pool2dKernels.cs \
    '(window.EndRow - window.FirstRow) * (window.EndColumn - window.FirstColumn)' \
    '(window.EndRow - window.FirstRow) * (window.EndRow - window.FirstRow)' device
mutant 'Kernel random numbers: nine rounds' $kernels/Philox.cs \
    'Rounds = 10' 'Rounds = 9' tests 'FullyQualifiedName~Philox|FullyQualifiedName~Rng'
mutant 'OpenCL: fence of global memory alone' src/GenSomAttn.Backends/Ilgpu/KernelPatches.cs \
    'openCL.Source.Replace(GlobalFence, BothFences, StringComparison.Ordinal)' 'openCL.Source' tests 'FullyQualifiedName~Tests.Kernels'

printf 'mutants.sh: %d mutants, %d killed, %d survived\n' "$tried" $((tried - survived)) "$survived"
[ "$survived" -eq 0 ]
