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

    /// <summary>Draws the first images.</summary>
    public static Picture Reals(ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        int count = Math.Min(images.Count, ImagesOnASide * ImagesOnASide);
        return ImageGrid.Draw(images.First(count).ToFloats(), images.Shape, ImagesOnASide, Scale, Gap);
    }

    /// <summary>Names and drawings of the pictures that a run keeps of each epoch: generated images, and the decoded map.</summary>
    private static readonly (string Prefix, Func<ModelTraits, bool> Applies, Func<ImageModel, Picture> Draw)[] OfEpochs =
    [
        ("epoch", traits => traits.EpochSampler is not null, model => FixedSamples((GenerativeModel)model)),
        ("map", traits => traits.HasMap, model => DecodedMap((SomAttnModel)model)),
    ];

    /// <summary>Returns the file names of the pictures of an epoch, those that apply to the model.</summary>
    public static IEnumerable<string> Names(ModelKind model, int epoch) =>
        OfEpochs.Where(each => each.Applies(ModelTraits.Of(model))).Select(each => Name(each.Prefix, epoch));

    /// <summary>Draws the pictures of <see cref="Names"/>, one after the other.</summary>
    public static IEnumerable<(string Name, Picture Picture)> Of(ImageModel model, int epoch)
    {
        ArgumentNullException.ThrowIfNull(model);
        var traits = ModelTraits.Of(model.Settings.Model);
        return OfEpochs.Where(each => each.Applies(traits)).Select(each => (Name(each.Prefix, epoch), each.Draw(model)));
    }

    private static string Name(string prefix, int epoch) => string.Create(CultureInfo.InvariantCulture, $"{prefix}_{epoch:000}.png");

    /// <summary>
    /// Draws generated images from fixed units and fixed noise, so that pictures of different epochs are comparable.
    /// </summary>
    public static Picture FixedSamples(GenerativeModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var request = new SampleRequest(ImagesOnASide * ImagesOnASide, model.Settings.Seed);
        var noImages = new Lazy<CodedImages>(() => throw new InvalidOperationException("The sampler needs training images."));
        SamplerKind kind = ModelTraits.Of(model.Settings.Model).EpochSampler!.Value;
        SampledImages samples = new ImageSampler(model, noImages, note: _ => { }).Draw(kind, request);
        return ImageGrid.Draw(samples.Pixels.Span, model.Shape, ImagesOnASide, Scale, Gap);
    }

    /// <summary>Draws the decoded codebook vector of each unit at its grid position.</summary>
    public static Picture DecodedMap(SomAttnModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ImageGrid.Draw(new MapSampler(model).Prototypes(), model.Shape, model.Map.Width, Scale, Gap);
    }

    /// <summary>Draws generated images in a nearly square grid.</summary>
    public static Picture Samples(SampledImages samples, ImageShape shape)
    {
        ArgumentNullException.ThrowIfNull(samples);
        int columns = (int)Math.Ceiling(Math.Sqrt(samples.Count));
        return ImageGrid.Draw(samples.Pixels.Span, shape, columns, Scale, Gap);
    }
}
