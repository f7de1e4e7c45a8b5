using GenSomAttn.Kernels.Arithmetic;
using GenSomAttn.Kernels.Shapes;
using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>
/// Kernels that find the best matching unit (BMU) and the second nearest unit of each sample. Distances are computed directly,
/// Σ (x - w)²: two instructions where |w|² - 2 x·w takes one, but without cancellation, and the winners' distances need no second pass.
/// In both kernels a thread finds the two nearest of some units, and a reduction over the threads of a sample finds the nearest of all.
/// </summary>
public static class BestMatchingUnitsKernels
{
    /// <summary>Side of a thread's register block: it computes the distances of 4 samples to 4 units.</summary>
    private const int PerThread = 4;

    private const int LargestSide = 16;

    /// <summary>All instances that are launched.</summary>
    public static IReadOnlyList<Delegate> Instances { get; } = [TileOfSamples<Side16>, TileOfSamples<Side4>];

    /// <summary>
    /// Finds the two nearest units of one sample with one group, whose threads take units with a stride of the group size. For few
    /// samples.
    /// </summary>
    public static void OneSample(
        ArrayView<float> input, ArrayView<float> codebook, SomShape shape,
        ArrayView<int> bmu, ArrayView<int> second, ArrayView<float> squaredDistances)
    {
        int sample = Grid.IdxX;
        NearestTwo nearest = NearestTwo.Nothing;
        for (int unit = Group.IdxX; unit < shape.Units; unit += Group.DimX)
        {
            float distance = SquaredDistance.Of(
                input, sample * shape.Dimension, codebook, unit * shape.Dimension, shape.Dimension);
            nearest = nearest.With(distance, unit);
        }

        NearestTwo ofAll = GroupReduction.Nearest(nearest);
        if (Group.IdxX == 0)
        {
            Store(ofAll, sample, bmu, second, squaredDistances);
        }
    }

    /// <summary>
    /// Finds the two nearest units of a tile of 4·side samples with one group, over tiles of as many units. One thread computes 4 x 4
    /// distances at a time, with shared-memory tiling and register blocking as in <see cref="MatrixProductKernels"/>.
    /// </summary>
    public static void TileOfSamples<TSide>(
        ArrayView<float> input, ArrayView<float> codebook, SomShape shape,
        ArrayView<int> bmu, ArrayView<int> second, ArrayView<float> squaredDistances)
        where TSide : struct, ITileSide
    {
        int side = default(TSide).Side;
        int tile = PerThread * side;
        int stride = tile + PerThread;
        ArrayView<float> shared = SharedMemory.Allocate<float>(NearestTwo.Floats * LargestSide * LargestSide * PerThread);
        ArrayView<Float4> vectors = shared.Cast<Float4>();
        int unitsStart = side * stride;
        int firstSample = Grid.IdxX * tile;
        int down = Group.IdxX / side;
        int across = Group.IdxX - (down * side);
        NearestTwo nearest0 = NearestTwo.Nothing, nearest1 = nearest0, nearest2 = nearest0, nearest3 = nearest0;
        for (int firstUnit = 0; firstUnit < shape.Units; firstUnit += tile)
        {
            Float4 sums0 = default, sums1 = default, sums2 = default, sums3 = default;
            for (int d = 0; d < shape.Dimension; d += side)
            {
                Group.Barrier();
                LoadTile(input, firstSample, shape.Samples, d, shape.Dimension, side, shared, 0);
                LoadTile(codebook, firstUnit, shape.Units, d, shape.Dimension, side, shared, unitsStart);
                Group.Barrier();
                for (int step = 0; step < side; step++)
                {
                    Float4 x = vectors[(step * (stride / PerThread)) + down];
                    Float4 w = vectors[((unitsStart + (step * stride)) / PerThread) + across];
                    sums0 = sums0.PlusSquaredDifference(x.X, w);
                    sums1 = sums1.PlusSquaredDifference(x.Y, w);
                    sums2 = sums2.PlusSquaredDifference(x.Z, w);
                    sums3 = sums3.PlusSquaredDifference(x.W, w);
                }
            }

            int unit = firstUnit + (PerThread * across);
            nearest0 = WithUnits(nearest0, sums0, unit, shape.Units);
            nearest1 = WithUnits(nearest1, sums1, unit, shape.Units);
            nearest2 = WithUnits(nearest2, sums2, unit, shape.Units);
            nearest3 = WithUnits(nearest3, sums3, unit, shape.Units);
        }

        // The results of a sample's threads are stored side by side; then one thread reduces those of one sample.
        Group.Barrier();
        int place = (PerThread * down * side) + across;
        nearest0.Put(shared, place);
        nearest1.Put(shared, place + side);
        nearest2.Put(shared, place + (2 * side));
        nearest3.Put(shared, place + (3 * side));
        Group.Barrier();
        for (int row = Group.IdxX; row < tile && firstSample + row < shape.Samples; row += side * side)
        {
            NearestTwo nearest = NearestTwo.Nothing;
            for (int i = 0; i < side; i++)
            {
                nearest = nearest.With(NearestTwo.Get(shared, (row * side) + i));
            }

            Store(nearest, firstSample + row, bmu, second, squaredDistances);
        }
    }

    /// <summary>
    /// Loads some dimensions of a tile of vectors into shared memory, tile[dimension, vector]; 0 beyond the last dimension. Vectors
    /// beyond the last are clamped to it.
    /// </summary>
    private static void LoadTile(
        ArrayView<float> vectors, int first, int count, int firstDimension, int dimensions, int side, ArrayView<float> shared, int start)
    {
        int tile = PerThread * side;
        int vector = Group.IdxX / side;
        int d = Group.IdxX - (vector * side);
        for (int row = vector; row < tile; row += side)
        {
            float element = firstDimension + d < dimensions
                ? vectors[(Math.Min(first + row, count - 1) * dimensions) + firstDimension + d]
                : 0;
            shared[start + (d * (tile + PerThread)) + row] = element;
        }
    }

    private static NearestTwo WithUnits(NearestTwo nearest, Float4 distances, int unit, int units) => nearest
        .With(distances.X, unit < units ? unit : NearestTwo.None)
        .With(distances.Y, unit + 1 < units ? unit + 1 : NearestTwo.None)
        .With(distances.Z, unit + 2 < units ? unit + 2 : NearestTwo.None)
        .With(distances.W, unit + 3 < units ? unit + 3 : NearestTwo.None);

    private static void Store(
        NearestTwo nearest, int sample, ArrayView<int> bmu, ArrayView<int> second, ArrayView<float> squaredDistances)
    {
        bmu[sample] = nearest.Unit;
        second[sample] = nearest.SecondUnit == NearestTwo.None ? -1 : nearest.SecondUnit;
        squaredDistances[2 * sample] = nearest.Distance;
        squaredDistances[(2 * sample) + 1] = nearest.SecondDistance;
    }
}
