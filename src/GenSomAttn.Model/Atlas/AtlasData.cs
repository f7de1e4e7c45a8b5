using System.Runtime.InteropServices;
using System.Text;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Som;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Sampling;

namespace GenSomAttn.Model.Atlas;

/// <summary>The data of the page.</summary>
internal sealed record AtlasData
{
    /// <summary>Largest number of parameters of the density in the file: 1.6 MB as single precision before base64.</summary>
    private const int MaxDensityNumbers = 300_000;

    /// <summary>
    /// Largest number of training and of test images of the page that a training writes: the codes of two million images would take
    /// 256 MB, more than their training.
    /// </summary>
    private const int MaxImages = 100_000;

    /// <summary>What the page says about the run.</summary>
    public required RunFacts Run { get; init; }

    /// <summary>S and C of the images.</summary>
    public required ImageShape Image { get; init; }

    /// <summary>Rows, columns and D of the map.</summary>
    public required MapFacts Map { get; init; }

    /// <summary>Layers of the encoder.</summary>
    public required IReadOnlyList<AtlasLayer> Encoder { get; init; }

    /// <summary>Layers of the decoder.</summary>
    public required IReadOnlyList<AtlasLayer> Decoder { get; init; }

    /// <summary>The parameters by name, in native order (see <see cref="ParameterLayout"/>).</summary>
    public required IReadOnlyDictionary<string, NumberBlock> Tensors { get; init; }

    /// <summary>w of all units, (U, D).</summary>
    public required NumberBlock Codebook { get; init; }

    /// <summary>Numbers of each unit; null without images.</summary>
    public UnitFacts? Facts { get; init; }

    /// <summary>
    /// Distances of the units to the nearest training image; null without test images, and in the page that a training writes, since all
    /// training images as floats take more memory than the training.
    /// </summary>
    public UnitsOffData? OffData { get; init; }

    /// <summary>Training images; null without.</summary>
    public NearestPictures? Pictures { get; init; }

    /// <summary>The density of the codes, for the sampler; null without all images, or if its numbers would be too many.</summary>
    public DensityNumbers? Density { get; init; }

    /// <summary>Training images that each unit wins; null without images, or if the page has only some of them.</summary>
    public IReadOnlyList<int>? TrainingHits { get; init; }

    /// <summary>The maps of the epochs; null without images or epochs.</summary>
    public MapHistory? History { get; init; }

    /// <summary>Curves of the scores, an SVG file.</summary>
    public required byte[] Curves { get; init; }

    /// <summary>Collects the data of a page without images.</summary>
    public static AtlasData Of(SomAttnModel model, AtlasRun run)
    {
        return new AtlasData
        {
            Run = RunFacts.Of(model, run),
            Image = model.Shape,
            Map = MapFacts.Of(model.Map),
            Encoder = LayerList.Encoder(model),
            Decoder = LayerList.Decoder(model),
            Tensors = model.Parameters.Parameters.ToDictionary(each => each.Name, Pack),
            Codebook = NumberBlock.Singles(model.Map.Codebook.ToArray()),
            Curves = Encoding.UTF8.GetBytes(ScoreCurves.ToSvg(run.Metrics, run.Losses)),
        };
    }

    /// <summary>
    /// Packs a parameter: half precision changes decoded pixels by 0.0003 at most, but codes by 0.0005 already after two epochs.
    /// </summary>
    private static NumberBlock Pack(Parameter parameter) => parameter.Name.StartsWith("decoder.", StringComparison.Ordinal)
        ? NumberBlock.Halves(parameter.Value.ToArray())
        : NumberBlock.Singles(parameter.Value.ToArray());

    /// <summary>Adds the images.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="maps">The maps of the epochs.</param>
    /// <param name="ofAll">Whether to take all images of a large set, and not the first 100,000, whose density is another one.</param>
    /// <param name="progress">As of <see cref="CodedImages.Of"/>, of the training images.</param>
    public AtlasData With(
        SomAttnModel model, Dataset dataset, IReadOnlyList<EpochMap> maps, bool ofAll, Action<int, int>? progress)
    {
        bool isPart = !ofAll && dataset.Train.Count > MaxImages;
        dataset = ofAll ? dataset : dataset.First(MaxImages);
        List<float> test = [];
        UnitFacts facts = UnitFacts.Of(
            model, dataset, codes => test.AddRange(dataset.Shown == ImageSplit.Test ? codes.Span : []));
        var train = CodedImages.Of(model, dataset.Train, progress);
        long numbers = (long)model.Map.Units * model.CodeLength * (model.CodeLength + 3) / 2;
        var density = MapDensity.Fit(train, model.Map.Units);
        return this with
        {
            Facts = facts,
            OffData = ofAll && test.Count > 0 ? UnitsOffData.Of(model, dataset, CollectionsMarshal.AsSpan(test)) : null,
            Pictures = NearestPictures.Of(model, dataset, train, [.. test]),
            Density = isPart || numbers > MaxDensityNumbers ? null : DensityNumbers.Of(density),
            TrainingHits = isPart ? null : [.. density.Hits],
            History = MapHistory.Of(maps, model.Map.Grid, dataset.Of(dataset.Shown)),
        };
    }
}

/// <summary>What the page says about the run.</summary>
/// <param name="Title">Name of the run.</param>
/// <param name="Program">Start of a command line.</param>
/// <param name="Argument">The run in a command line.</param>
/// <param name="Epoch">Completed epochs.</param>
/// <param name="Epochs">Epochs of the whole training.</param>
/// <param name="Seed">Seed of the training.</param>
/// <param name="IsTraining">Whether the page reloads itself.</param>
/// <param name="Attention">Attention in the encoder.</param>
/// <param name="Parameters">Number of parameters without the codebook.</param>
/// <param name="Scores">Scores of the last epoch by name.</param>
internal sealed record RunFacts(
    string Title, string Program, string Argument, int Epoch, int Epochs, string Seed, bool IsTraining, string Attention, int Parameters,
    IReadOnlyDictionary<string, double?> Scores)
{
    /// <summary>Collects the facts.</summary>
    public static RunFacts Of(SomAttnModel model, AtlasRun run)
    {
        var scores = new Dictionary<string, double?>();
        if (run.Metrics is [.., var last])
        {
            scores = new()
            {
                ["mse_e"] = last.MseE,
                ["mse_q"] = last.MseQ,
                ["quantization_error"] = last.QuantizationError,
                ["te4"] = last.Te4,
                ["te8"] = last.Te8,
                ["te6"] = last.Te6,
                ["units_used"] = last.UnitsUsed,
                ["perplexity"] = last.Perplexity,
            };
        }

        return new RunFacts(
            run.Title, run.Program, run.Argument, run.Epoch, model.Settings.Epochs, $"{model.Settings.Seed}", run.IsTraining,
            model.Settings.Attention.ToString().ToLowerInvariant(), model.Parameters.Parameters.Sum(each => each.Length), scores);
    }
}

/// <summary>Sizes of the map.</summary>
/// <param name="Rows">Rows of units.</param>
/// <param name="Columns">Columns of units.</param>
/// <param name="Latent">D.</param>
/// <param name="Hexagons">Whether a unit has six neighbors.</param>
/// <param name="Torus">Whether opposite edges are joined.</param>
internal sealed record MapFacts(int Rows, int Columns, int Latent, bool Hexagons, bool Torus)
{
    /// <summary>Returns the sizes of a map.</summary>
    public static MapFacts Of(SelfOrganizingMap map)
    {
        MapGrid grid = map.Grid;
        return new MapFacts(
            grid.Height, grid.Width, map.Dimension, grid.Lattice == MapLattice.Hexagon, grid.Edges == MapEdges.Torus);
    }
}

/// <summary>A mixture of normal distributions.</summary>
/// <param name="Weights">(K), in double precision, because a sum of them selects the unit.</param>
/// <param name="Means">(K, D).</param>
/// <param name="Factors">(K, D (D + 1) / 2), lower triangles of the Cholesky factors.</param>
internal sealed record DensityNumbers(NumberBlock Weights, NumberBlock Means, NumberBlock Factors)
{
    /// <summary>Fits and packs the mixture.</summary>
    public static DensityNumbers Of(MapDensity density) => new(
        NumberBlock.Doubles(density.Mixture.Weights), NumberBlock.Singles(density.Mixture.Means),
        NumberBlock.Halves(Array.ConvertAll(density.Mixture.Factors(), factor => (float)factor)));
}
