using System.Text;
using GenSomAttn.Backends;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>
/// Benchmark of the table of places, which is formatted but not written to a disk. Speed does not depend on the parameters' values, so the
/// model is untrained.
/// </summary>
internal static class LocateBenchmark
{
    private const int MostBatches = 50;

    /// <summary>In turn, so that other programs on the machine slow down all works alike.</summary>
    private const int Rounds = 7;

    /// <summary>Measures each work on the first images of a set.</summary>
    public static IReadOnlyList<LocateResult> Run(Backend<float> backend, TrainingSettings settings, ImageSet images)
    {
        using var model = new SomAttnModel(backend, settings, images.Shape);
        model.Initialize();
        ImageSet set = images.First(MostBatches * model.MaxBatch);
        float[] trained = ImageLocator.SortedSquaredDistances(model, set);
        Dictionary<LocateWork, Action> works = new()
        {
            [LocateWork.Encode] = () => Pass(model, set, withDecoding: false),
            [LocateWork.EncodeSearchDecode] = () => Pass(model, set, withDecoding: true),
            [LocateWork.LocateWithoutErrors] = () => Locate(new ImageLocator(model, trained, withErrors: false), set),
            [LocateWork.Locate] = () => Locate(new ImageLocator(model, trained), set),
        };
        IReadOnlyDictionary<LocateWork, Timing> times = Timing.MeasureInTurn(works, Rounds);
        double encoding = times[LocateWork.Encode].MedianMicroseconds;
        return [.. times.Select(pair => new LocateResult(pair.Key, set.Count, pair.Value, pair.Value.MedianMicroseconds / encoding))];
    }

    private static void Pass(SomAttnModel model, ImageSet set, bool withDecoding)
    {
        using var images = new DeviceImages(model.Backend, set, model.MaxBatch);
        for (int start = 0; start < set.Count; start += model.MaxBatch)
        {
            int batch = Math.Min(model.MaxBatch, set.Count - start);
            DeviceView<float> codes = model.Encode(images.Range(start, batch), batch);
            if (withDecoding)
            {
                _ = model.Map.FindWinners(codes, batch).Bmu.ToArray();
                codes = model.Decode(codes, batch);
            }

            _ = codes.ToArray();
        }
    }

    private static void Locate(ImageLocator locator, ImageSet set)
    {
        foreach (LocatedBatch batch in locator.Locate(set, "train", first: 0, classNames: []))
        {
            foreach (LocatedImage image in batch.Images)
            {
                Stream.Null.Write(Encoding.UTF8.GetBytes(NumberTable.Line(image.Cells())));
            }
        }
    }
}
