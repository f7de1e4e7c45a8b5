using GenSomAttn.Backends.Simd.Conv;
using GenSomAttn.Backends.Simd.Gemm;
using GenSomAttn.Backends.Simd.Vectors;

namespace GenSomAttn.Backends.Simd.Winograd;

/// <summary>
/// The tables of a two-dimensional Winograd transform, with <see cref="WinogradAxis"/> on both axes, computed once for each size of
/// image. Small pixels are combined to sources; each product is a source times one of the weight sums; products are combined to big
/// pixels. From big to small the same tables are used transposed.
/// </summary>
/// <remarks>
/// A 4 x 4 kernel of stride 2 on 7 x 7 small pixels needs 400 products instead of 784, a 3 x 3 kernel 289 instead of 441.
/// </remarks>
internal sealed unsafe class WinogradPlan
{
    /// <summary>Maximum kernel positions of one weight sum: two on each axis.</summary>
    public const int MaxTaps = 4;

    /// <summary>Fills the table of a weight sum with fewer kernel positions.</summary>
    public const int NoTap = -1;

    private readonly PinnedTable<int> _taps;

    /// <summary>Computes the tables.</summary>
    public WinogradPlan(ConvGeometry g)
    {
        var rows = new WinogradAxis(g.SmallHeight, g.BigHeight, g.KernelHeight, g.Stride, g.PaddingHeight);
        var columns = new WinogradAxis(g.SmallWidth, g.BigWidth, g.KernelWidth, g.Stride, g.PaddingWidth);
        List<WinogradGroups.Product> products = [];
        List<int> firstProducts = [0];
        List<int> taps = [];
        List<SparseRows.Term> outputs = [];
        foreach ((var rowGroup, var columnGroup) in Pairs(rows.ByWeight, columns.ByWeight))
        {
            foreach ((var r, var c) in Pairs(rowGroup, columnGroup))
            {
                outputs.AddRange(Pairs(r.Outputs, c.Outputs).Select(pair => new SparseRows.Term(
                    (pair.Left.Position * g.BigWidth) + pair.Right.Position, products.Count, pair.Left.Sign * pair.Right.Sign)));
                products.Add(new(products.Count, (r.Source * columns.Sources.Count) + c.Source, Weights));
            }

            int[] sum = [.. Pairs(rowGroup.Key.Taps, columnGroup.Key.Taps).Select(tap => (tap.Left * g.KernelWidth) + tap.Right)];
            taps.AddRange([.. sum, .. Enumerable.Repeat(NoTap, MaxTaps - sum.Length)]);
            firstProducts.Add(products.Count);
            Weights++;
        }

        SparseRows.Term[] inputs =
        [
            .. Pairs(rows.Sources, columns.Sources).SelectMany((source, index) => Pairs(source.Left.Terms, source.Right.Terms)
                .Select(pair => new SparseRows.Term(
                    index, (pair.Left.Position * g.SmallWidth) + pair.Right.Position, pair.Left.Sign * pair.Right.Sign))),
        ];
        Sources = rows.Sources.Count * columns.Sources.Count;
        Products = products.Count;
        MaxProductsOfWeight = firstProducts.Zip(firstProducts.Skip(1), (first, end) => end - first).Max();
        SmallToSources = new SparseRows(Sources, inputs);
        SourcesToSmall = new SparseRows(g.SmallPixels, inputs.Select(term => term.Transposed));
        ProductsToBig = new SparseRows(g.BigHeight * g.BigWidth, outputs);
        BigToProducts = new SparseRows(Products, outputs.Select(term => term.Transposed));
        BigToProductsByWeight = new SparseRows(Products, outputs.Select(term => term.Transposed), firstProducts);
        ByWeight = WinogradGroups.ByWeight(products);
        BySource = WinogradGroups.BySource(products);
        _taps = new PinnedTable<int>([.. taps]);
    }

    /// <summary>Number of weight sums (transformed weights): sums of kernel positions.</summary>
    public int Weights { get; }

    /// <summary>(weights, <see cref="MaxTaps"/>): the kernel positions in each sum, then <see cref="NoTap"/>.</summary>
    public int* Taps => _taps.Address;

    /// <summary>Number of sources (transformed inputs): combinations of small pixels.</summary>
    public int Sources { get; }

    /// <summary>Number of products.</summary>
    public int Products { get; }

    /// <summary>Maximum number of products of one weight sum.</summary>
    public int MaxProductsOfWeight { get; }

    /// <summary>Combines small pixels to sources.</summary>
    public SparseRows SmallToSources { get; }

    /// <summary>Its transpose.</summary>
    public SparseRows SourcesToSmall { get; }

    /// <summary>Combines products to big pixels.</summary>
    public SparseRows ProductsToBig { get; }

    /// <summary>Its transpose.</summary>
    public SparseRows BigToProducts { get; }

    /// <summary>The same, with the products of each weight sum as a section.</summary>
    public SparseRows BigToProductsByWeight { get; }

    /// <summary>The GEMMs from sources to products.</summary>
    public WinogradGroups ByWeight { get; }

    /// <summary>The GEMMs from products to sources.</summary>
    public WinogradGroups BySource { get; }

    /// <summary>
    /// Returns whether the transform saves time: one or two kernel positions per phase on both axes, and enough channels for a tile.
    /// </summary>
    public static bool Fits(ConvGeometry g)
        => WinogradAxis.Fits(g.KernelHeight, g.Stride) && WinogradAxis.Fits(g.KernelWidth, g.Stride)
            && Math.Min(g.BigChannels, g.SmallChannels) >= MatrixTile<Lanes128>.Height;

    private static IEnumerable<(TLeft Left, TRight Right)> Pairs<TLeft, TRight>(
        IEnumerable<TLeft> left, IEnumerable<TRight> right)
        => left.SelectMany(_ => right, (l, r) => (l, r));
}
