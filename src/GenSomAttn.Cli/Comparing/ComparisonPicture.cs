using GenSomAttn.Backends;
using GenSomAttn.Cli.Output;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Comparing;

/// <summary>
/// Pictures of a comparison: images (see <see cref="Dataset.Shown"/>) with each model's reconstructions and generated images, and attention
/// maps.
/// </summary>
internal static class ComparisonPicture
{
    private const int Images = 16;
    private const ulong Seed = 1;

    /// <summary>Draws the models of the first seed.</summary>
    public static Picture Draw(IReadOnlyList<ComparedRun> runs, Backend<float> backend, Dataset dataset)
    {
        string noun = dataset.Shown == ImageSplit.Test ? dataset.TestNoun : "training images";
        ImageSet shown = dataset.Of(dataset.Shown).First(Images);
        List<ImageRow> rows = [new ImageRow(noun, shown.ToFloats())];
        foreach (ComparedRun run in runs.Where(run => run.Folder is not null && run.Seed == runs[0].Seed))
        {
            using ImageModel model = ImageModel.Restore(backend, RunDirectory.Open(run.Folder!).LoadCheckpoint());
            var generative = (GenerativeModel)model;
            ImageSet decoded = SampleEvaluator.Reconstruct(generative, CodedImages.Of(generative, shown));
            rows.Add(new ImageRow($"{run.Model.Name}, D(v)", decoded.ToFloats()));
            var train = new Lazy<CodedImages>(() => CodedImages.Of(generative, dataset.Train));
            var sampler = new ImageSampler(generative, train, Notes.WriteOnce);
            foreach ((SamplerKind kind, double? sigma, _) in run.Scores.Samplers)
            {
                SampledImages samples = sampler.Draw(kind, new SampleRequest(shown.Count, Seed), sigma);
                rows.Add(new ImageRow($"{run.Model.Name}, {kind.ToString().ToLowerInvariant()}", samples.Pixels.ToArray()));
            }
        }

        string title = $"{char.ToUpperInvariant(noun[0])}{noun[1..]}, their reconstructions, and generated images";
        return ImageRows.Draw(title, rows, shown.Shape, Math.Clamp(56 / shown.Side, 1, 4));
    }

    /// <summary>Draws the attention of the maps of the first seed; nothing for those without attention.</summary>
    public static IEnumerable<Figure> Attention(IReadOnlyList<ComparedRun> runs, Backend<float> backend, Dataset dataset)
    {
        foreach (ComparedRun run in runs.Where(run => run.Folder is not null && run.Seed == runs[0].Seed))
        {
            using ImageModel model = ImageModel.Restore(backend, RunDirectory.Open(run.Folder!).LoadCheckpoint());
            if (model is SomAttnModel map && AttentionFigure.Draw(map, dataset) is { } figure)
            {
                yield return figure;
            }
        }
    }
}
