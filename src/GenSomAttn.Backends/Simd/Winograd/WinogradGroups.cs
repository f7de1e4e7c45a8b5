using GenSomAttn.Backends.Simd.Vectors;

namespace GenSomAttn.Backends.Simd.Winograd;

/// <summary>
/// The GEMMs of a <see cref="WinogradPlan"/>: each group is one GEMM whose left rows consist of segments, one for each weight sum of the
/// group.
/// </summary>
internal sealed unsafe class WinogradGroups
{
    private readonly PinnedTable<int> _firstRow;
    private readonly PinnedTable<int> _firstSegment;
    private readonly PinnedTable<int> _firstInput;
    private readonly PinnedTable<int> _weights;
    private readonly PinnedTable<int> _inputs;
    private readonly PinnedTable<int> _outputs;

    private WinogradGroups(IEnumerable<Group> groups)
    {
        List<int> firstRow = [0], firstSegment = [0], firstInput = [0], weights = [], inputs = [], outputs = [];
        foreach (Group group in groups)
        {
            weights.AddRange(group.Weights);
            foreach (Row row in group.Rows)
            {
                inputs.AddRange(row.Inputs);
                outputs.Add(row.Output);
            }

            firstRow.Add(outputs.Count);
            firstSegment.Add(weights.Count);
            firstInput.Add(inputs.Count);
        }

        Count = firstRow.Count - 1;
        Segments = weights.Count;
        _firstRow = new PinnedTable<int>([.. firstRow]);
        _firstSegment = new PinnedTable<int>([.. firstSegment]);
        _firstInput = new PinnedTable<int>([.. firstInput]);
        _weights = new PinnedTable<int>([.. weights]);
        _inputs = new PinnedTable<int>([.. inputs]);
        _outputs = new PinnedTable<int>([.. outputs]);
    }

    /// <summary>Groups.</summary>
    public int Count { get; }

    /// <summary>Segments of all groups together.</summary>
    public int Segments { get; }

    /// <summary>
    /// Creates the groups from small to big: a group is a weight sum, a row one of its products, whose only segment is a source.
    /// </summary>
    public static WinogradGroups ByWeight(IReadOnlyList<Product> products)
        => new(products.GroupBy(product => product.Weight).Select(group => new Group(
            [group.Key], [.. group.Select(product => new Row([product.Source], product.Index))])));

    /// <summary>
    /// Creates the groups from big to small: a row is a source, its segments the products it is in; sources with the same weights are a
    /// group.
    /// </summary>
    public static WinogradGroups BySource(IReadOnlyList<Product> products)
        => new(products.GroupBy(product => product.Source)
            .GroupBy(source => string.Join(',', source.Select(product => product.Weight)))
            .Select(group => new Group(
                [.. group.First().Select(product => product.Weight)],
                [.. group.Select(source => new Row([.. source.Select(product => product.Index)], source.Key))])));

    /// <summary>Returns the tables for a job; valid as long as this object is referenced.</summary>
    public View AsView() => new()
    {
        Count = Count,
        FirstRow = _firstRow.Address,
        FirstSegment = _firstSegment.Address,
        FirstInput = _firstInput.Address,
        Weights = _weights.Address,
        Inputs = _inputs.Address,
        Outputs = _outputs.Address,
    };

    /// <summary>Product number Index = source number Source times weight sum number Weight.</summary>
    public readonly record struct Product(int Index, int Source, int Weight);

    private readonly record struct Row(int[] Inputs, int Output);

    private readonly record struct Group(int[] Weights, Row[] Rows);

    /// <summary>The tables as addresses.</summary>
    public struct View
    {
        /// <summary>Groups.</summary>
        public int Count;

        /// <summary>(groups + 1): the rows of group g are FirstRow[g] to FirstRow[g + 1].</summary>
        public int* FirstRow;

        /// <summary>(groups + 1): its segments.</summary>
        public int* FirstSegment;

        /// <summary>(groups + 1): where its rows' inputs begin.</summary>
        public int* FirstInput;

        /// <summary>(all segments): weight sum of each.</summary>
        public int* Weights;

        /// <summary>(rows, segments) of each group: input row.</summary>
        public int* Inputs;

        /// <summary>(all rows): output row.</summary>
        public int* Outputs;
    }
}
