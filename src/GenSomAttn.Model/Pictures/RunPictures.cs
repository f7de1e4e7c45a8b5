using System.Globalization;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Pictures;

/// <summary>Image grids of a run: real images, generated images, and the decoded map.</summary>
public static class RunPictures
{
    private const int ImagesOnASide = 10;
    private const int Scale = 2;
    private const int Gap = 2;

    /// <summary>Draws the first images that are shown, see <see cref="Dataset.Shown"/>.</summary>
    public static Picture Reals(Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ImageSet images = dataset.Of(dataset.Shown);
        int count = Math.Min(images.Count, ImagesOnASide * ImagesOnASide);
        string title = $"The first {(dataset.Shown == ImageSplit.Test ? dataset.TestNoun : "training images")}";
        return ImageGrid.Draw(title, images.First(count).ToFloats(), images.Shape, ImagesOnASide, Scale, Gap);
    }

    /// <summary>File name of the first kind of pictures of the newest epoch.</summary>
    public const string LatestName = "latest.png";

    /// <summary>Names and drawings of the pictures that a run keeps of its epochs: generated images, and the decoded map.</summary>
    private static readonly (string Prefix, Func<ModelTraits, bool> Applies, Func<ImageModel, int, Picture> Draw)[] OfEpochs =
    [
        ("epoch", traits => traits.EpochSampler is not null, (model, epoch) => FixedSamples((GenerativeModel)model, epoch)),
        ("map", traits => traits.HasMap, (model, epoch) => DecodedMap((SomAttnModel)model, epoch)),
    ];

    /// <summary>
    /// Returns the file names of the pictures that are kept of an epoch, those that apply to the model: of at most nine epochs, evenly
    /// spaced from the first to the last.
    /// </summary>
    public static IEnumerable<string> Names(TrainingSettings settings, int epoch)
    {
        ArgumentNullException.ThrowIfNull(settings);
        const int Intervals = 8;
        bool isKept = settings.Epochs <= Intervals
            || Enumerable.Range(0, Intervals + 1).Any(at => epoch == (int)Math.Round((double)at * settings.Epochs / Intervals));
        return isKept ? Applying(settings).Select(each => Name(each.Prefix, epoch)) : [];
    }

    /// <summary>Draws the pictures of <see cref="Names"/>, one after the other, and the newest one.</summary>
    public static IEnumerable<(string Name, Picture Picture)> Of(ImageModel model, int epoch)
    {
        ArgumentNullException.ThrowIfNull(model);
        HashSet<string> kept = [.. Names(model.Settings, epoch)];
        bool isFirst = true;
        foreach ((string prefix, _, Func<ImageModel, int, Picture> draw) in Applying(model.Settings))
        {
            string name = Name(prefix, epoch);
            if (!isFirst && !kept.Contains(name))
            {
                continue;
            }

            Picture picture = draw(model, epoch);
            if (isFirst)
            {
                yield return (LatestName, picture);
            }

            if (kept.Contains(name))
            {
                yield return (name, picture);
            }

            isFirst = false;
        }
    }

    private static IEnumerable<(string Prefix, Func<ModelTraits, bool> Applies, Func<ImageModel, int, Picture> Draw)> Applying(
        TrainingSettings settings) => OfEpochs.Where(each => each.Applies(ModelTraits.Of(settings.Model)));

    private static string Name(string prefix, int epoch) => string.Create(CultureInfo.InvariantCulture, $"{prefix}_{epoch:000}.png");

    /// <summary>
    /// Draws generated images from fixed units and fixed noise, so that pictures of different epochs are comparable.
    /// </summary>
    private static Picture FixedSamples(GenerativeModel model, int epoch)
    {
        var request = new SampleRequest(ImagesOnASide * ImagesOnASide, model.Settings.Seed);
        var noImages = new Lazy<CodedImages>(() => throw new InvalidOperationException("The sampler needs training images."));
        SamplerKind kind = ModelTraits.Of(model.Settings.Model).EpochSampler!.Value;
        SampledImages samples = new ImageSampler(model, noImages, note: _ => { }).Draw(kind, request);
        string title = $"Epoch {epoch}: generated, of the same noise in each epoch";
        return ImageGrid.Draw(title, samples.Pixels.Span, model.Shape, ImagesOnASide, Scale, Gap);
    }

    /// <summary>Draws the decoded codebook vector of each unit, in the position in which finished maps are shown.</summary>
    private static Picture DecodedMap(SomAttnModel model, int epoch)
    {
        float[] prototypes = new MapSampler(model).Prototypes();
        int[] order = CanonicalOrder.Of(prototypes, model.Map.Grid);
        int length = model.Shape.Length;
        float[] shown = [.. order.SelectMany(unit => prototypes.AsSpan(unit * length, length).ToArray())];
        int fits = MapLayout.FitImages(model.Map.Grid, model.Side, Gap).CellSize / model.Side;
        var layout = new MapLayout(model.Map.Grid, Math.Min(Scale, fits) * model.Side, Gap);
        return MapPicture.Draw($"Epoch {epoch}", shown, model.Map.Grid, model.Shape, layout);
    }

    /// <summary>Draws generated images in a nearly square grid.</summary>
    /// <param name="title">Written above.</param>
    /// <param name="samples">The images.</param>
    /// <param name="shape">Shape of an image.</param>
    public static Picture Samples(string title, SampledImages samples, ImageShape shape)
    {
        ArgumentNullException.ThrowIfNull(samples);
        int columns = (int)Math.Ceiling(Math.Sqrt(samples.Count));
        return ImageGrid.Draw(title, samples.Pixels.Span, shape, columns, Scale, Gap);
    }
}
