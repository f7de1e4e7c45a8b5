namespace GenSomAttn.Backends.Simd.Winograd;

/// <summary>
/// One axis of the Winograd transform of a strided transposed convolution, small to big. A big position b = i·stride + phase -
/// padding meets at most two kernel positions: y[i] = x[i]·near + x[i-1]·far, near = kernel[phase], far = kernel[phase + stride].
/// Two neighbors y[i], y[i+1] need four products, but three are enough (Winograd's minimal filter F(2, 2)):
/// <code>
/// F = (x[i-1] - x[i])·far,  B = x[i]·(near + far),  N = (x[i] - x[i+1])·near
/// y[i] = F + B,             y[i+1] = B - N
/// </code>
/// All phases share the sources on the left; the first and the last y meet one kernel position and stand alone.
/// </summary>
/// <remarks>Source: S. Winograd, Arithmetic Complexity of Computations, 1980; A. Lavin and S. Gray, CVPR 2016.</remarks>
internal sealed class WinogradAxis
{
    private readonly int _smallLength;
    private readonly int _bigLength;
    private readonly int _stride;
    private readonly int _padding;
    private readonly List<Source> _sources = [];
    private readonly List<Product> _products = [];

    /// <summary>Computes sources and products of an axis that <see cref="Fits"/>.</summary>
    public WinogradAxis(int smallLength, int bigLength, int kernel, int stride, int padding)
    {
        (_smallLength, _bigLength, _stride, _padding) = (smallLength, bigLength, stride, padding);
        for (int phase = 0; phase < stride && phase < kernel; phase++)
        {
            if (phase + stride < kernel)
            {
                AddPairs(phase);
            }
            else
            {
                AddSingles(phase);
            }
        }
    }

    /// <summary>The sources (transformed inputs): x[Plus] - x[Minus], or x[Plus] alone if Minus is -1.</summary>
    public IReadOnlyList<Source> Sources => _sources;

    /// <summary>Products, those with the same weight next to each other.</summary>
    public IEnumerable<IGrouping<Weight, Product>> ByWeight => _products.GroupBy(product => product.Weight);

    /// <summary>
    /// Returns whether all phases meet one or two kernel positions and one meets two; otherwise the transform saves nothing.
    /// </summary>
    public static bool Fits(int kernel, int stride) => kernel > stride && kernel <= 2 * stride;

    private void AddPairs(int phase)
    {
        var near = new Weight(phase, -1);
        var far = new Weight(phase + _stride, -1);
        var both = new Weight(phase, phase + _stride);
        Add(near, new Source(0, -1), [Out(0, phase, 1)]);
        for (int i = 1; i < _smallLength; i += 2)
        {
            int next = i + 1 < _smallLength ? i + 1 : -1;
            Add(far, new Source(i - 1, i), [Out(i, phase, 1)]);
            Add(both, new Source(i, -1), [Out(i, phase, 1), Out(i + 1, phase, 1)]);
            Add(near, new Source(i, next), [Out(i + 1, phase, -1)]);
        }

        if (_smallLength % 2 == 1)
        {
            Add(far, new Source(_smallLength - 1, -1), [Out(_smallLength, phase, 1)]);
        }
    }

    private void AddSingles(int phase)
    {
        for (int i = 0; i < _smallLength; i++)
        {
            Add(new Weight(phase, -1), new Source(i, -1), [Out(i, phase, 1)]);
        }
    }

    private (int Position, float Sign) Out(int i, int phase, float sign) => ((i * _stride) + phase - _padding, sign);

    /// <summary>Adds a product, unless all its outputs lie outside the big image.</summary>
    private void Add(Weight weight, Source source, IEnumerable<(int Position, float Sign)> outputs)
    {
        (int, float)[] inside = [.. outputs.Where(output => output.Position >= 0 && output.Position < _bigLength)];
        if (inside.Length == 0)
        {
            return;
        }

        int index = _sources.IndexOf(source);
        if (index < 0)
        {
            index = _sources.Count;
            _sources.Add(source);
        }

        _products.Add(new Product(weight, index, inside));
    }

    /// <summary>A combination of small positions.</summary>
    public readonly record struct Source(int Plus, int Minus)
    {
        /// <summary>The positions with their signs.</summary>
        public IEnumerable<(int Position, float Sign)> Terms => Minus < 0 ? [(Plus, 1)] : [(Plus, 1), (Minus, -1)];
    }

    /// <summary>A kernel position, or the sum of two.</summary>
    public readonly record struct Weight(int First, int Second)
    {
        /// <summary>The kernel positions.</summary>
        public IEnumerable<int> Taps => Second < 0 ? [First] : [First, Second];
    }

    /// <summary>Source times weight, added with signs to big positions.</summary>
    public sealed record Product(Weight Weight, int Source, IReadOnlyList<(int Position, float Sign)> Outputs);
}
