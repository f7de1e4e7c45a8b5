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
    /// <summary>Classifies images, batch by batch.</summary>
    public static ImageFeatures Of(ClassifierModel classifier, ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(images);
        int classes = classifier.Classes;
        double[] features = new double[images.Count * ClassifierModel.Features];
        double[] probabilities = new double[images.Count * classes];
        using var onDevice = new DeviceImages(classifier.Backend, images, classifier.MaxBatch);
        for (int start = 0; start < images.Count; start += classifier.MaxBatch)
        {
            int batch = Math.Min(classifier.MaxBatch, images.Count - start);
            DeviceView<float> batchFeatures = classifier.Encode(onDevice.Range(start, batch), batch);
            float[] scores = classifier.Score(batchFeatures, batch).ToArray();
            Array.ConvertAll(batchFeatures.ToArray(), value => (double)value).CopyTo(features, start * ClassifierModel.Features);
            for (int n = 0; n < batch; n++)
            {
                Softmax(scores.AsSpan(n * classes, classes), probabilities.AsSpan((start + n) * classes, classes));
            }
        }

        return new ImageFeatures(new Rows<double>(features, ClassifierModel.Features), new Rows<double>(probabilities, classes));
    }

    private static void Softmax(ReadOnlySpan<float> scores, Span<double> probabilities)
    {
        double largest = double.NegativeInfinity;
        foreach (float score in scores)
        {
            largest = Math.Max(largest, score);
        }

        double sum = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            probabilities[i] = Math.Exp(scores[i] - largest);
            sum += probabilities[i];
        }

        for (int i = 0; i < scores.Length; i++)
        {
            probabilities[i] /= sum;
        }
    }
}
