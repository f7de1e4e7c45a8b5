using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// Attention pooling: eight learned queries attend to the P positions of a feature map, and each yields an eighth of the latent vector,
/// (N, P, C) to (N, D).
/// </summary>
/// <remarks>
/// Forward: z = queries followed by x + position, (N, 8 + P, C); y = queries + the query rows of SelfAttention(LayerNorm(z)), (N, 8, C);
/// output = project(y), (N, 8, C) to (N, 8, D/8), concatenated to (N, D).
/// Backward: dy = gradient of project for dOutput, (N, 8, C); dz = gradient of SelfAttention(LayerNorm(z)) for dy padded with zero rows;
/// dQueries += Σ over n of dy + the query rows of dz; dx = the position rows of dz; dPosition += Σ over n of dx.
/// Self-attention is over queries and positions together, so the queries also attend to each other.
/// </remarks>
public sealed class PoolAttention : Layer
{
    private const int Queries = TrainingSettings.PoolQueries;
    private readonly Backend<float> _backend;
    private readonly RowsShape _queriesOfSample;
    private readonly Parameter _queries;
    private readonly PositionEmbedding _position;
    private readonly Linear _project;
    private readonly Tables _tables;

    /// <summary>The queries, then the position tokens x + position of all samples.</summary>
    private readonly DeviceView<float> _sources;
    private readonly DeviceView<float> _tokens;
    private readonly DeviceView<float> _pooled;

    /// <summary>The gradient of <see cref="_pooled"/>, then a row of zeros.</summary>
    private readonly DeviceView<float> _dPooledAndZero;
    private readonly DeviceView<float> _dAttended;
    private readonly DeviceView<float> _dQueries;
    private readonly DeviceView<float> _dPositions;

    /// <summary>Builds the block; its parameters' names start with "attention.".</summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="positions">Positions of one image and their channels C.</param>
    /// <param name="latent">D, a multiple of <see cref="Queries"/>.</param>
    /// <param name="output">Buffer of the output, sized for the largest batch.</param>
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
        // Forward: pooled = queries + query rows of attended. The gradient of attended's other rows is zero.
        DeviceView<float> dPooled = _project.Backward(dOutput, batch);
        _backend.BiasBackward(dPooled, Samples(batch), _queries.Gradient);
        DeviceView<float> dAttended = Gather(_dPooledAndZero, _tables.TokensInQueriesOrZero, batch, _dAttended);

        // Forward: attended = attend(tokens), where the tokens of every sample start with the same queries.
        DeviceView<float> dTokens = Attend.Backward(dAttended, batch);
        _backend.BiasBackward(Gather(dTokens, _tables.QueriesInTokens, batch, _dQueries), Samples(batch), _queries.Gradient);
        return _position.Backward(Gather(dTokens, _tables.PositionsInTokens, batch, _dPositions), batch);
    }

    /// <summary>Gathers the rows of a table for a batch into the first rows of a buffer.</summary>
    private DeviceView<float> Gather(DeviceView<float> rows, Table table, int batch, DeviceView<float> buffer)
    {
        DeviceView<int> indices = table.Indices.First(batch * table.RowsOfSample);
        RowsShape shape = _queriesOfSample with { Rows = indices.Length };
        DeviceView<float> gathered = buffer.First(shape.TotalLength);
        _backend.GatherRows(rows, indices, shape, gathered);
        return gathered;
    }

    /// <summary>Returns the shape in which all queries of a sample form one row and the learned queries are its bias.</summary>
    private RowsShape Samples(int batch) => new(batch, _queriesOfSample.TotalLength);

    /// <summary>Gather table: for each destination row, sample by sample, the index of its source row.</summary>
    private readonly record struct Table(DeviceView<int> Indices, int RowsOfSample)
    {
        public static Table Of(LayerContext context, int rowsOfSample, Func<int, int, int> source)
        {
            DeviceView<int> indices = context.Memory.Take<int>(context.MaxBatch * rowsOfSample);
            indices.CopyFrom([.. Enumerable.Range(0, indices.Length).Select(i => source(i / rowsOfSample, i % rowsOfSample))]);
            return new Table(indices, rowsOfSample);
        }
    }

    /// <summary>Gather tables of a batch; the tokens of a sample are its queries, then its positions.</summary>
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
