using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model;

/// <summary>
/// Eight learned queries look at the positions of a feature map, and each gives an eighth of the latent vector. The tokens z are the
/// queries, then x + position; y = queries + SelfAttention(LayerNorm(z)), of which only the rows of the queries go on; the output is each
/// row of y projected to D/8 numbers, side by side. (N, positions, C) to (N, D).
/// </summary>
/// <remarks>It is self-attention over queries and positions together, so the queries also see each other.</remarks>
public sealed class PoolAttention : Layer
{
    /// <summary>Learned queries.</summary>
    public const int Queries = 8;

    private readonly IBackend _backend;
    private readonly RowsShape _queriesOfSample;
    private readonly Parameter _queries;
    private readonly PositionEmbedding _position;
    private readonly Linear _project;
    private readonly Tables _tables;

    /// <summary>The queries, then the positions of all samples.</summary>
    private readonly DeviceView<float> _sources;
    private readonly DeviceView<float> _tokens;
    private readonly DeviceView<float> _pooled;

    /// <summary>The gradient of <see cref="_pooled"/>, then a row that is and stays zero.</summary>
    private readonly DeviceView<float> _dPooledAndZero;
    private readonly DeviceView<float> _dAttended;
    private readonly DeviceView<float> _dQueries;
    private readonly DeviceView<float> _dPositions;

    /// <summary>Builds the block; its parameters' names start with "attention.".</summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="positions">Positions of one image and their channels C.</param>
    /// <param name="latent">D, a multiple of <see cref="Queries"/>.</param>
    /// <param name="output">Where the output goes, planned for the largest batch.</param>
    public PoolAttention(LayerContext context, RowsShape positions, int latent, DeviceView<float> output)
    {
        ArgumentNullException.ThrowIfNull(context);
        int width = positions.Length;
        int batch = context.MaxBatch;
        var tokens = new RowsShape(Queries + positions.Rows, width);
        DeviceView<float> TakeRows(int rows) => context.Memory.Take<float>(rows * width);
        _backend = context.Backend;
        _queriesOfSample = new RowsShape(Queries, width);
        _tables = new Tables(context, positions.Rows);
        _sources = TakeRows(Queries + (batch * positions.Rows));
        _tokens = TakeRows(batch * tokens.Rows);
        _pooled = TakeRows(batch * Queries);
        _dPooledAndZero = TakeRows((batch * Queries) + 1);
        _dAttended = TakeRows(batch * tokens.Rows);
        _dQueries = TakeRows(batch * Queries);
        _dPositions = TakeRows(batch * positions.Rows);

        _queries = context.Parameters.Declare(
            "attention.queries", ParameterLayout.Same(Queries, width), Initializer.Normal(PositionEmbedding.InitialDeviation));
        _position = new PositionEmbedding(
            context, "attention.position", positions, _sources.Slice(_queries.Length, batch * positions.TotalLength));
        Attend = new PreNormAttention(context, tokens, Queries);
        _project = new Linear(
            context, "attention.project", new LinearShape(Queries, width, latent / Queries), output,
            dInput: _dPooledAndZero.First(batch * _queries.Length));
    }

    /// <summary>SelfAttention(LayerNorm(z)).</summary>
    public PreNormAttention Attend { get; }

    /// <inheritdoc/>
    public override DeviceView<float> Forward(DeviceView<float> input, int batch)
    {
        _position.Forward(input, batch);
        Gather(_queries.Value, _tables.QueriesInTokens, 1, _sources);
        DeviceView<float> tokens = Gather(_sources, _tables.TokensInSources, batch, _tokens);
        DeviceView<float> pooled = Gather(Attend.Forward(tokens, batch), _tables.QueriesInTokens, batch, _pooled);
        _backend.BiasForward(pooled, _queries.Value, Samples(batch), pooled);
        return _project.Forward(pooled, batch);
    }

    /// <inheritdoc/>
    public override DeviceView<float> Backward(DeviceView<float> dOutput, int batch)
    {
        // Forward: pooled = queries + (rows of the queries of attended). The other rows of attended have no gradient.
        DeviceView<float> dPooled = _project.Backward(dOutput, batch);
        _backend.BiasBackward(dPooled, Samples(batch), _queries.Gradient);
        DeviceView<float> dAttended = Gather(_dPooledAndZero, _tables.TokensInQueriesOrZero, batch, _dAttended);

        // Forward: attended = attend(tokens), where the tokens of every sample start with the same queries.
        DeviceView<float> dTokens = Attend.Backward(dAttended, batch);
        _backend.BiasBackward(Gather(dTokens, _tables.QueriesInTokens, batch, _dQueries), Samples(batch), _queries.Gradient);
        return _position.Backward(Gather(dTokens, _tables.PositionsInTokens, batch, _dPositions), batch);
    }

    /// <summary>The rows that a table lists for a batch, written to the first rows of a buffer.</summary>
    private DeviceView<float> Gather(DeviceView<float> rows, Table table, int batch, DeviceView<float> buffer)
    {
        DeviceView<int> indices = table.Indices.First(batch * table.RowsOfSample);
        RowsShape shape = _queriesOfSample with { Rows = indices.Length };
        DeviceView<float> gathered = buffer.First(shape.TotalLength);
        _backend.GatherRows(rows, indices, shape, gathered);
        return gathered;
    }

    /// <summary>All queries of a sample are one row, to which the learned ones are a bias.</summary>
    private RowsShape Samples(int batch) => new(batch, _queriesOfSample.TotalLength);

    /// <summary>For each row of a buffer, sample by sample, the row of another buffer that it is a copy of.</summary>
    private readonly record struct Table(DeviceView<int> Indices, int RowsOfSample)
    {
        public static Table Of(LayerContext context, int rowsOfSample, Func<int, int, int> source)
        {
            DeviceView<int> indices = context.Memory.Take<int>(context.MaxBatch * rowsOfSample);
            indices.CopyFrom([.. Enumerable.Range(0, indices.Length).Select(i => source(i / rowsOfSample, i % rowsOfSample))]);
            return new Table(indices, rowsOfSample);
        }
    }

    /// <summary>Where rows of a batch lie: the tokens of a sample are its queries, then its positions.</summary>
    private sealed class Tables
    {
        public Tables(LayerContext context, int positions)
        {
            int tokens = Queries + positions;
            int zero = context.MaxBatch * Queries;
            TokensInSources = Table.Of(context, tokens, (n, t) => t < Queries ? t : (n * positions) + t);
            QueriesInTokens = Table.Of(context, Queries, (n, q) => (n * tokens) + q);
            PositionsInTokens = Table.Of(context, positions, (n, p) => (n * tokens) + Queries + p);
            TokensInQueriesOrZero = Table.Of(context, tokens, (n, t) => t < Queries ? (n * Queries) + t : zero);
        }

        public Table TokensInSources { get; }

        public Table QueriesInTokens { get; }

        public Table PositionsInTokens { get; }

        public Table TokensInQueriesOrZero { get; }
    }
}
