using GenSomAttn.Backends;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Networks;

namespace GenSomAttn.Model.Evaluation;

/// <summary>Features and class probabilities of images, from a classifier.</summary>
/// <param name="Features">(N, 128).</param>
/// <param name="Probabilities">(N, classes): the softmax of each image's logits.</param>
public sealed record ImageFeatures(Rows<double> Features, Rows<double> Probabilities)
{
    /// <summary>Images at a time: their activations stay in the second-level cache, with 64 the features take a sixth longer.</summary>
    private const int Slice = 32;

    /// <summary>Classifies images, slice by slice.</summary>
    public static ImageFeatures Of(ClassifierModel classifier, ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(images);
        int classes = classifier.Classes;
        double[] features = new double[images.Count * ClassifierModel.Features];
        double[] probabilities = new double[images.Count * classes];
        int slice = classifier.Backend.ComputesInHostMemory ? Math.Min(Slice, classifier.MaxBatch) : classifier.MaxBatch;
        using var onDevice = new DeviceImages(classifier.Backend, images, slice);
        for (int start = 0; start < images.Count; start += slice)
        {
            int batch = Math.Min(slice, images.Count - start);
            DeviceView<float> batchFeatures = classifier.Encode(onDevice.Range(start, batch), batch);
            float[] scores = classifier.Score(batchFeatures, batch).ToArray();
            Array.ConvertAll(batchFeatures.ToArray(), value => (double)value).CopyTo(features, start * ClassifierModel.Features);
            for (int n = 0; n < batch; n++)
            {
                Softmax.Of(scores.AsSpan(n * classes, classes), probabilities.AsSpan((start + n) * classes, classes));
            }
        }

        return new ImageFeatures(new Rows<double>(features, ClassifierModel.Features), new Rows<double>(probabilities, classes));
    }
}
