using System.Numerics;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Model.Metrics;

/// <summary>Search for the nearest training image of an image, by the Euclidean distance of the pixels.</summary>
/// <remarks>
/// A lower bound prunes most training images. The differences of two images are the differences of the means of groups of m pixels, whose
/// squares are (Σ x - Σ y)² / m, and, at right angles to them, those of the deviations from the means, whose lengths differ by no more
/// than themselves (triangle inequality). The search begins at the training image with the smallest bound among one in eight, so that
/// most other bounds are above its distance. The cost is N T D (1/7) (1 + 1/4) (1 + 1/8) multiply-adds and few full distances.
/// </remarks>
internal sealed class NearestImages
{
    private const int GroupSize = 7; // pixels, a quarter of a row of 28
    private const int GroupsOfLength = 4;
    private const int OneOf = 8;
    private readonly Rows<float> _train;
    private readonly Rows<float> _bounding;
    private readonly Rows<float> _some;
    private readonly float _largest;

    /// <summary>Prepares the bounds.</summary>
    /// <param name="train">(T, D), pixels of the training images.</param>
    public NearestImages(Rows<float> train)
    {
        ArgumentNullException.ThrowIfNull(train);
        _train = train;
        _bounding = Bounding(train);
        _some = _bounding.Select([.. Enumerable.Range(0, DivideUp(train.Count, OneOf)).Select(n => n * OneOf)]);
        _largest = LargestMagnitude(train);
    }

    /// <summary>Computes the <see cref="Distances"/> in ascending order.</summary>
    public double[] Ascending(Rows<float> images) => [.. Distances(images).Order()];

    /// <summary>Computes the distance of each image to its nearest training image.</summary>
    /// <param name="images">(N, D), pixels.</param>
    /// <exception cref="ArgumentException">The images are of another size.</exception>
    public double[] Distances(Rows<float> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        images.CheckSameDimension(_train);

        // The rounding errors of a bound and of its limit are some 10⁻⁷ of the sums of squares.
        float largest = Math.Max(LargestMagnitude(images), _largest);
        float slack = 1e-5f * images.Dimension * largest * largest;
        Rows<float> own = Bounding(images);
        IReadOnlyList<int> first = NearestRows.Of(own, _some).Index;
        double[] nearest = [.. first.Select((some, n) => NearestRows.SquaredDistance(images[n], _train[some * OneOf]))];
        RowProducts.VisitSquaredDistances(own, _bounding, (n, firstColumn, bounds) =>
        {
            for (int i = 0; i < bounds.Length;)
            {
                if (i <= bounds.Length - Vector<float>.Count
                    && Vector.GreaterThanAll(new Vector<float>(bounds[i..]), new Vector<float>((float)nearest[n] + slack)))
                {
                    i += Vector<float>.Count;
                    continue;
                }

                if (bounds[i] - slack < nearest[n])
                {
                    nearest[n] = Math.Min(nearest[n], NearestRows.SquaredDistance(images[n], _train[firstColumn + i]));
                }

                i++;
            }
        });
        return [.. nearest.Select(Math.Sqrt)];
    }

    /// <summary>
    /// Computes numbers whose squared distance is the bound: Σ x / √m of each group of m pixels, and of each four groups the length of the
    /// deviations from their means. The last group, and the last four, may be smaller.
    /// </summary>
    private static Rows<float> Bounding(Rows<float> images)
    {
        int groups = DivideUp(images.Dimension, GroupSize);
        int numbers = groups + DivideUp(groups, GroupsOfLength);
        float[] bounds = new float[images.Count * numbers];
        Parallel.For(0, images.Count, n =>
        {
            ReadOnlySpan<float> image = images[n];
            Span<float> own = bounds.AsSpan(n * numbers, numbers);
            for (int group = 0; group < groups; group++)
            {
                ReadOnlySpan<float> pixels = image[(group * GroupSize)..Math.Min((group + 1) * GroupSize, image.Length)];
                (float sum, float squares) = (0, 0);
                foreach (float pixel in pixels)
                {
                    sum += pixel;
                }

                float mean = sum / pixels.Length;
                foreach (float pixel in pixels)
                {
                    squares += (pixel - mean) * (pixel - mean);
                }

                own[group] = sum / MathF.Sqrt(pixels.Length);
                own[groups + (group / GroupsOfLength)] += squares;
            }

            for (int i = groups; i < numbers; i++)
            {
                own[i] = MathF.Sqrt(own[i]);
            }
        });
        return new Rows<float>(bounds, numbers);
    }

    private static float LargestMagnitude(Rows<float> rows)
    {
        ReadOnlySpan<float> values = rows.Values;
        Vector<float> lanes = default;
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            lanes = Vector.Max(lanes, Vector.Abs(new Vector<float>(values[i..])));
        }

        float largest = 0;
        for (int lane = 0; lane < Vector<float>.Count; lane++)
        {
            largest = Math.Max(largest, lanes[lane]);
        }

        for (; i < values.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(values[i]));
        }

        return largest;
    }
}
