using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Data;

/// <summary>Data sets in NumPy's files, by the names that are in use.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NumpySetTests : IDisposable
{
    private static readonly byte[] TrainPixels = IdxSet.Images(40, 8, 8)[16..];
    private static readonly byte[] TestPixels = IdxSet.Images(9, 8, 8)[16..];
    private static readonly byte[] TrainImages = NumpyBytes.Of(TrainPixels, 40, 8, 8);
    private static readonly byte[] TrainLabels = NumpyBytes.Of(IdxSet.Labels(40)[8..], 40, 1);
    private static readonly byte[] TestImages = NumpyBytes.Of(TestPixels, 9, 8, 8);
    private static readonly byte[] TestLabels = NumpyBytes.Of(IdxSet.Labels(9)[8..], 9);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestCase("x_train", "y_train", "x_test", "y_test")]
    [TestCase("train_images", "train_labels", "test_images", "test_labels")]
    [TestCase("train_images", "train_labels", "val_images", "val_labels")]
    public void Load_ArchiveOfTwoParts_IsTheirImagesAndLabels(params string[] names)
    {
        Dataset dataset = Dataset.Load(Write("set.npz", NumpyBytes.Npz(
            (names[0], TrainImages), (names[1], TrainLabels), (names[2], TestImages), (names[3], TestLabels))));

        Assert.That(dataset.Train.Pixels.ToArray(), Is.EqualTo(TrainPixels));
        Assert.That(dataset.Train.Labels, Is.EqualTo(IdxSet.Labels(40)[8..]));
        Assert.That(dataset.Test.Pixels.ToArray(), Is.EqualTo(TestPixels));
        Assert.That(dataset.Test.Labels, Is.EqualTo(IdxSet.Labels(9)[8..]));
        Assert.That(dataset.Notes, Is.Empty);
    }

    [TestCase("images", "labels")]
    [TestCase("arr_0", "arr_1")]
    [TestCase("x_train", "y_train")]
    public void Load_ArchiveOfOnePart_IsSplit(string images, string labels)
    {
        Dataset dataset = Dataset.Load(Write("set.npz", NumpyBytes.Npz((images, TrainImages), (labels, TrainLabels))));

        Assert.That(dataset.Train.Count + dataset.Test.Count, Is.EqualTo(40));
        Assert.That(dataset.Test.Count, Is.Positive);
        Assert.That(dataset.ClassNames, Has.Count.EqualTo(3));
    }

    [Test]
    public void Load_ArchiveWithAValidationSet_SaysThatItIsNotUsed()
    {
        Dataset dataset = Dataset.Load(Write("set.npz", NumpyBytes.Npz(
            ("train_images", TrainImages), ("train_labels", TrainLabels), ("test_images", TestImages), ("test_labels", TestLabels),
            ("val_images", TrainImages), ("val_labels", TrainLabels))));

        Assert.That(dataset.Test.Count, Is.EqualTo(9));
        Assert.That(dataset.Notes, Has.One.Contains("val_images, val_labels"));
    }

    [TestCase("X_labels.npy")]
    [TestCase("labels.npy")]
    [TestCase(null)]
    public void Load_ArrayFile_TakesTheLabelsBesideIt(string? labels)
    {
        if (labels is not null)
        {
            Write(labels, TrainLabels);
        }

        Dataset dataset = Dataset.Load(Write("X.npy", TrainImages));

        Assert.That(dataset.ClassNames, Has.Count.EqualTo(labels is null ? 0 : 3));
        Assert.That(dataset.Train.Count + dataset.Test.Count, Is.EqualTo(40));
    }

    [Test]
    public void Load_ColorArray_IsColor()
    {
        byte[] images = NumpyBytes.Of([.. TrainPixels, .. TrainPixels, .. TrainPixels], 40, 8, 8, 3);

        Assert.That(Dataset.Load(Write("X.npy", images)).Train.Shape, Is.EqualTo(new ImageShape(8, ImageShape.Color)));
    }

    [Test]
    public void Load_ArchiveWithoutKnownNames_ListsThem()
    {
        string path = Write("set.npz", NumpyBytes.Npz(("a", TrainImages)));

        Assert.That(() => Dataset.Load(path), Throws.TypeOf<DataException>().With.Message.Contains("x_train").And.Message.Contains(path));
    }

    [Test]
    public void Load_ArchiveWithoutAPart_NamesIt()
    {
        string path = Write("set.npz", NumpyBytes.Npz(("x_train", TrainImages), ("y_train", TrainLabels), ("x_test", TestImages)));

        Assert.That(() => Dataset.Load(path), Throws.TypeOf<DataException>().With.Message.Contains("y_test"));
    }

    [TestCase("'<i4'", new byte[] { 255, 255, 255, 255 }, "label -1 of image 0")]
    [TestCase("'<i4'", new byte[] { 0, 0, 1, 0 }, "label 65536 of image 0")]
    public void Load_LabelOutOfRange_IsRefused(string type, byte[] label, string said)
    {
        byte[] labels = NumpyBytes.Npy(type, "(40,)", [.. label, .. new byte[39 * 4]]);
        string path = Write("set.npz", NumpyBytes.Npz(("images", TrainImages), ("labels", labels)));

        Assert.That(() => Dataset.Load(path), Throws.TypeOf<DataException>().With.Message.Contains(said));
    }

    [Test]
    public void Load_AnotherNumberOfLabels_IsRefused()
    {
        string path = Write("set.npz", NumpyBytes.Npz(("images", TrainImages), ("labels", TestLabels)));

        Assert.That(() => Dataset.Load(path), Throws.TypeOf<DataException>().With.Message.Contains("9 labels"));
    }

    [TestCase("")]
    [TestCase("PK\u0003\u0004 and nothing else")]
    public void Load_NoArchive_IsRefused(string content)
    {
        string path = Write("set.npz", System.Text.Encoding.ASCII.GetBytes(content));

        Assert.That(() => Dataset.Load(path), Throws.TypeOf<DataException>().With.Message.Contains(path));
    }

    private string Write(string name, byte[] content)
    {
        string path = _folder.File(name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
