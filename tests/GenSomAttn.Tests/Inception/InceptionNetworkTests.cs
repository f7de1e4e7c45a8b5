using System.Text;
using GenSomAttn.Backends;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Inception;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Inception;

/// <summary>The whole network: the published list of its tensors, what it refuses, its features, and the file of real features.</summary>
public sealed class InceptionNetworkTests : IDisposable
{
    /// <summary>Tensors and floats of the published weights, without the counters of training batches.</summary>
    private const int PublishedTensors = 472, PublishedFloats = 23_885_392;

    private readonly Backend<float> _backend = AllBackends.Create("cpu");
    private readonly TemporaryFolder _folder = new();
    private InceptionNetwork _network = null!;

    [OneTimeSetUp]
    public void Build() => _network = InceptionNetwork.Of(_backend, Tensors(PublishedInception.Tensors()));

    /// <inheritdoc/>
    public void Dispose()
    {
        _network.Dispose();
        _backend.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Tensors_OfTheNetwork_AreThePublishedOnes()
    {
        SafetensorsTensor[] published = [.. PublishedInception.Tensors()];

        // The network was built of these: none was missing, and none was left.
        Assert.That(published, Has.Length.EqualTo(PublishedTensors));
        Assert.That(published.Sum(tensor => tensor.Floats.Length), Is.EqualTo(PublishedFloats));
    }

    [Test]
    public void Encode_WeightsOfZero_GivesTheBiasesOfTheLastBlockInTheirOrder()
    {
        float[] image = Draw.Normal(299 * 299 * 3, 1);

        float[] features = _network.Encode(image, 1).ToArray();

        // Each channel of the last block is its bias everywhere, and so is its mean: a mean of 64 equal floats is exact.
        Assert.That(features, Is.EqualTo(PublishedInception.LastBiases()));
    }

    [Test]
    public void Classify_Features_LeavesTheBiasOut()
    {
        float[] features = Draw.Normal(InceptionNetwork.Features, 2);
        float[] weight = PublishedInception.Tensors().Single(tensor => tensor.Name == "fc.weight").Floats;

        float[] logits = _network.Classify(features, 1).ToArray();

        double expected = Enumerable.Range(0, features.Length).Sum(i => (double)features[i] * weight[(1007 * features.Length) + i]);
        Assert.That(logits, Has.Length.EqualTo(1008));
        Assert.That(logits[1007], Is.EqualTo(expected).Within(1e-4), "a float sum of 2,048 products of size 0.01");
    }

    [TestCase("missing", "tensor Mixed_6b.branch7x7_2.conv.weight is missing")]
    [TestCase("misshapen", "tensor Mixed_6b.branch7x7_2.conv.weight has shape (128, 128, 7, 1), expected (128, 128, 1, 7)")]
    [TestCase("infinite", "tensor Mixed_6b.branch7x7_2.conv.weight has a value that is not finite")]
    [TestCase("negative", "tensor Conv2d_1a_3x3.bn.running_var has a negative variance")]
    [TestCase("extra", "tensor AuxLogits.conv0.conv.weight belongs to no part of this network")]
    [TestCase("ints", "Tensor Mixed_6b.branch7x7_2.conv.weight holds I32, expected F32")]
    public void Of_TensorsThatDoNotFit_NamesTheFirst(string fault, string message)
    {
        const string Name = "Mixed_6b.branch7x7_2.conv.weight";
        List<SafetensorsTensor> tensors = [.. PublishedInception.Tensors()];
        int at = tensors.FindIndex(tensor => tensor.Name == Name);
        int[] shape = [.. tensors[at].Shape];
        float[] values = [.. tensors[at].Floats];
        values[5] = float.NaN;
        switch (fault)
        {
            case "missing":
                tensors.RemoveAt(at);
                break;
            case "misshapen":
                tensors[at] = SafetensorsTensor.Of(Name, [shape[0], shape[1], shape[3], shape[2]], tensors[at].Floats);
                break;
            case "infinite":
                tensors[at] = SafetensorsTensor.Of(Name, shape, values);
                break;
            case "negative":
                int first = tensors.FindIndex(tensor => tensor.Name == "Conv2d_1a_3x3.bn.running_var");
                tensors[first] = SafetensorsTensor.Of(tensors[first].Name, [32], [.. Enumerable.Repeat(-1f, 32)]);
                break;
            case "ints":
                tensors[at] = SafetensorsTensor.Of(Name, shape, new int[values.Length]);
                break;
            default:
                tensors.Add(SafetensorsTensor.Of("AuxLogits.conv0.conv.weight", [1], [0f]));
                break;
        }

        Assert.That(
            () => InceptionNetwork.Of(_backend, Tensors(tensors)), Throws.TypeOf<TensorFileException>().With.Message.Contains(message));
    }

    [Test]
    public void Load_FileOfAnotherNetwork_NamesTheFirstTensorThatIsMissing()
    {
        string path = _folder.File("other.safetensors");
        File.WriteAllBytes(path, SafetensorsFile.ToBytes(
            new Dictionary<string, string>(), [SafetensorsTensor.Of("conv1.weight", [1], [1f])]));

        Assert.That(
            () => InceptionNetwork.Load(_backend, path),
            Throws.TypeOf<TensorFileException>().With.Message.Contains(path).And.Message.Contains("Conv2d_1a_3x3.conv.weight is missing"));
    }

    [Test]
    public void Of_CountersOfBatches_AreNotUsed()
    {
        // As PyTorch writes it: a scalar of 64 bits.
        const string Name = "Mixed_5b.branch1x1.bn.num_batches_tracked";
        string header = $$$"""{"{{{Name}}}":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}""";
        byte[] file = [.. BitConverter.GetBytes((long)header.Length), .. Encoding.ASCII.GetBytes(header), .. new byte[8]];
        SafetensorsTensor counter = SafetensorsFile.Parse(file).Tensors[Name];
        List<SafetensorsTensor> tensors = [.. PublishedInception.Tensors()];
        tensors.Add(SafetensorsTensor.Of(Name, [], [7]));
        Assert.That(() => counter.Ints, Throws.TypeOf<TensorFileException>());

        using var network = InceptionNetwork.Of(_backend, Tensors(tensors));
        Assert.That(network.MaxBatch, Is.Positive);
    }

    [Test]
    public void OfReal_AskedAgain_ReadsTheFileUnlessItIsDamaged()
    {
        List<string> notes = [];
        ImageSet images = TinyData.Load(3, 1, 8).Train, others = TinyData.Load(4, 1, 8).Train.First(2);
        float[] computed = InceptionFeatures.OfReal(_network, images, notes.Add);
        string file = Directory.GetFiles(_folder.Path, "*.features").Single();
        byte[] kept = File.ReadAllBytes(file);

        float[] read = InceptionFeatures.OfReal(_network, images, notes.Add);
        Assert.That(read, Is.EqualTo(computed));
        Assert.That(notes, Is.Empty);

        kept[^1] ^= 1;
        File.WriteAllBytes(file, kept);
        Assert.That(InceptionFeatures.OfReal(_network, images, notes.Add), Is.EqualTo(computed));
        Assert.That(notes.Single(), Does.Contain(file).And.Contain("damaged"));

        InceptionFeatures.OfReal(_network, others, notes.Add);
        Assert.That(Directory.GetFiles(_folder.Path, "*.features"), Has.Length.EqualTo(2), "other images, another file");
    }

    [TestCase(1)]
    [TestCase(3)]
    public void Resize_ARamp_LiesAtTheCornersOfPixels(int channels)
    {
        // Value 8 x at column x: with TensorFlow 1's rule, column i of the result lies at i · 28 / 299, and beyond 27 it stays.
        const int Side = 28;
        byte[] ramp = [.. Enumerable.Range(0, Side * Side * channels).Select(i => (byte)(8 * (i / channels % Side)))];
        float[] resized = new float[InceptionImages.Length];

        new InceptionImages(new ImageShape(Side, channels)).Resize(ramp, resized);

        for (int i = 0; i < 299; i++)
        {
            double expected = ((8 * Math.Min(27, i * 28.0 / 299)) - 128) / 128;
            Assert.That(resized[(((150 * 299) + i) * 3) + 2], Is.EqualTo(expected).Within(1e-5), $"column {i}");
        }
    }

    private InceptionTensors Tensors(IEnumerable<SafetensorsTensor> tensors) => new(
        _folder.File("weights.safetensors"),
        SafetensorsFile.Parse(SafetensorsFile.ToBytes(new Dictionary<string, string>(), tensors)), new string('a', 64));
}
