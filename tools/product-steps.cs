#:property AllowUnsafeBlocks=true
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

// A matrix product C = A · B from three loops to the processor's peak FLOP/s, in five steps: `dotnet run --file tools/product-steps.cs`.
// src/GenSomAttn.Backends/Simd/README.md explains them. The last two, register blocking and packing, are MatrixTile and Panels there.
unsafe
{
    const int N = 768;
    float* a = Random(1), b = Random(2), c = Random(3), packed = Random(4);
    float* expected = Random(5);
    Plain(a, b, expected);

    Report("three loops, one number at a time", 3, () => Plain(a, b, c));
    Report("sixteen columns in a vector", 10, () => Vectors(a, b, c));
    Report("8 x 32 sums in registers", 20, () => Tiles(a, b, N, c, 0, N));
    Report("panels of 32 columns, packed", 20, () =>
    {
        Pack(b, packed);
        Tiles(a, packed, Tile.Width, c, 0, N);
    });
    Report($"{Environment.ProcessorCount} threads", 40, () =>
    {
        Pack(b, packed);
        Parallel.For(0, N / Tile.Height, i => Tiles(a, packed, Tile.Width, c, i * Tile.Height, Tile.Height));
    });

    float* Random(int seed)
    {
        var random = new Random(seed);
        float* matrix = (float*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc(N * N * sizeof(float), 64);
        for (int i = 0; i < N * N; i++)
        {
            matrix[i] = (float)random.NextDouble() - 0.5f;
        }

        return matrix;
    }

    // The best of several runs; a wrong product is an error.
    void Report(string step, int runs, Action product)
    {
        double best = double.MaxValue;
        for (int run = 0; run < runs; run++)
        {
            long began = Stopwatch.GetTimestamp();
            product();
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        for (int i = 0; i < N * N; i++)
        {
            if (MathF.Abs(c[i] - expected[i]) > 1e-3f)
            {
                throw new InvalidOperationException($"{step}: element {i} is {c[i]}, not {expected[i]}.");
            }
        }

        Console.WriteLine($"{step,-36} {2.0 * N * N * N / best / 1e9,8:0.0} GFLOP/s");
    }

    // Naive: the formula as loops.
    static void Plain(float* a, float* b, float* c)
    {
        for (int i = 0; i < N; i++)
        {
            for (int j = 0; j < N; j++)
            {
                float sum = 0;
                for (int k = 0; k < N; k++)
                {
                    sum += a[(i * N) + k] * b[(k * N) + j];
                }

                c[(i * N) + j] = sum;
            }
        }
    }

    // Row i of C is a sum of rows of B. Each multiply-add still reads and writes a vector of C.
    static void Vectors(float* a, float* b, float* c)
    {
        for (int i = 0; i < N; i++)
        {
            new Span<float>(c + (i * N), N).Clear();
            for (int k = 0; k < N; k++)
            {
                Vector512<float> x = Vector512.Create(a[(i * N) + k]);
                for (int j = 0; j < N; j += 16)
                {
                    float* sum = c + (i * N) + j;
                    Vector512.FusedMultiplyAdd(x, Vector512.Load(b + (k * N) + j), Vector512.Load(sum)).Store(sum);
                }
            }
        }
    }

    // Register blocking: tiles of C are accumulated in registers. Rows of B's 32 columns are `stride` floats apart.
    static void Tiles(float* a, float* b, int stride, float* c, int firstRow, int rows)
    {
        for (int j = 0; j < N; j += Tile.Width)
        {
            float* columns = stride == Tile.Width ? b + ((nint)j * N) : b + j;
            for (int i = firstRow; i < firstRow + rows; i += Tile.Height)
            {
                Tile.Multiply(a + (i * N), N, columns, stride, c + (i * N) + j);
            }
        }
    }

    // Packing: panels of 32 columns with contiguous rows, so that the tile reads memory sequentially.
    static void Pack(float* b, float* packed)
    {
        for (int j = 0; j < N; j += Tile.Width)
        {
            for (int k = 0; k < N; k++, packed += Tile.Width)
            {
                Vector512.Load(b + (k * N) + j).Store(packed);
                Vector512.Load(b + (k * N) + j + 16).Store(packed + 16);
            }
        }
    }
}

// Micro-kernel: eight rows times two vectors of C, sixteen multiply-adds for ten loads.
internal static unsafe class Tile
{
    public const int Height = 8, Width = 32;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Multiply(float* a, int depth, float* b, int stride, float* c)
    {
        Vector512<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default;
        Vector512<float> c31 = default, c40 = default, c41 = default, c50 = default, c51 = default, c60 = default, c61 = default;
        Vector512<float> c70 = default, c71 = default;
        for (int k = 0; k < depth; k++, b += stride)
        {
            Vector512<float> low = Vector512.Load(b), high = Vector512.Load(b + 16);
            Add(a[k], low, high, ref c00, ref c01);
            Add(a[k + depth], low, high, ref c10, ref c11);
            Add(a[k + (2 * depth)], low, high, ref c20, ref c21);
            Add(a[k + (3 * depth)], low, high, ref c30, ref c31);
            Add(a[k + (4 * depth)], low, high, ref c40, ref c41);
            Add(a[k + (5 * depth)], low, high, ref c50, ref c51);
            Add(a[k + (6 * depth)], low, high, ref c60, ref c61);
            Add(a[k + (7 * depth)], low, high, ref c70, ref c71);
        }

        Store(c, c00, c01);
        Store(c += depth, c10, c11);
        Store(c += depth, c20, c21);
        Store(c += depth, c30, c31);
        Store(c += depth, c40, c41);
        Store(c += depth, c50, c51);
        Store(c += depth, c60, c61);
        Store(c + depth, c70, c71);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float x, Vector512<float> low, Vector512<float> high, ref Vector512<float> sumLow, ref Vector512<float> sumHigh)
    {
        Vector512<float> factor = Vector512.Create(x);
        sumLow = Vector512.FusedMultiplyAdd(factor, low, sumLow);
        sumHigh = Vector512.FusedMultiplyAdd(factor, high, sumHigh);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* row, Vector512<float> low, Vector512<float> high)
    {
        low.Store(row);
        high.Store(row + 16);
    }
}
