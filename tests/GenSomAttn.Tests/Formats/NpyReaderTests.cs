using GenSomAttn.Formats;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Formats;

/// <summary>NumPy's arrays that are read, and those that are refused with what to do.</summary>
public sealed class NpyReaderTests
{
    [TestCase("|i1", new byte[] { 5, 0xFE }, -2)]
    [TestCase("|u1", new byte[] { 5, 0xFE }, 254)]
    [TestCase("<i2", new byte[] { 5, 0, 0xFE, 0xFF }, -2)]
    [TestCase("<u2", new byte[] { 5, 0, 0xFE, 0xFF }, 65_534)]
    [TestCase("<i4", new byte[] { 5, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF }, -2)]
    [TestCase("<u4", new byte[] { 5, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF }, 4_294_967_294)]
    [TestCase("<i8", new byte[] { 5, 0, 0, 0, 0, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, -2)]
    public void Read_LabelsOfAnyWholeNumbers_AreTheNumbers(string type, byte[] values, long second)
    {
        foreach (string shape in (string[])["(2,)", "(2, 1)"])
        {
            ArrayContent content = Read(NumpyBytes.Npy($"'{type}'", shape, values), ArrayKind.Labels);

            Assert.That(content.Dimensions.Single(), Is.EqualTo(2));
            Assert.That((content.NumberAt(0), content.NumberAt(1)), Is.EqualTo((5L, second)));
        }
    }

    [Test]
    public void Read_ImagesOfEitherVersionAndCompressed_AreTheBytes()
    {
        byte[] pixels = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        byte[][] files =
        [
            NumpyBytes.Of(pixels, 2, 2, 3), NumpyBytes.Npy("'|u1'", "(2, 2, 3)", pixels, major: 2),
            IdxSet.Pack(NumpyBytes.Of(pixels, 2, 2, 3)),
            NumpyBytes.WithHeader("{'descr':'|u1','fortran_order':False, 'shape':(2,2,3)}", pixels),
        ];
        foreach (byte[] file in files)
        {
            ArrayContent content = Read(file, ArrayKind.Images);

            Assert.That(content.Values.Memory.ToArray(), Is.EqualTo(pixels));
            int[] shape = [2, 2, 3];
            Assert.That(content.Dimensions, Is.EqualTo(shape));
        }
    }

    [TestCase("'|O'", "(1, 2, 2)", "False", "Python objects")]
    [TestCase("'<f4'", "(1, 2, 2)", "False", "astype('uint8')")]
    [TestCase("'|i1'", "(1, 2, 2)", "False", "astype('uint8')")]
    [TestCase("'>u2'", "(1, 2, 2)", "False", "big-endian")]
    [TestCase("'|u1'", "(1, 2, 2)", "True", "ascontiguousarray")]
    [TestCase("'|u1'", "(4,)", "False", "(N, height, width)")]
    [TestCase("'|u1'", "(1, 2, 1, 2)", "False", "(N, height, width, 3)")]
    [TestCase("'|u1'", "(1, 2, 0)", "False", "holds nothing")]
    [TestCase("'|u1'", "()", "False", "numpy.save")]
    [TestCase("[('a', '|u1')]", "(1, 2, 2)", "False", "numpy.save")]
    [TestCase("'|u1'", "(1, 2, 3)", "False", "cut short")]
    [TestCase("'|u1'", "(1, 200, 200)", "False", "more than a file of its size can")]
    [TestCase("'|u1'", "(1, 2, 1)", "False", "goes on after")]
    public void Read_OtherImages_AreRefusedWithTheRemedy(string type, string shape, string fortran, string said)
    {
        byte[] file = NumpyBytes.Npy(type, shape, new byte[4], fortran);

        Assert.That(
            () => Read(file, ArrayKind.Images),
            Throws.TypeOf<DataException>().With.Message.Contains(said).And.Message.Contains("x.npy"));
    }

    [TestCase("'<f8'", "(1,)", "astype('int64')")]
    [TestCase("'|u1'", "(4, 2)", "shape (N)")]
    public void Read_OtherLabels_AreRefusedWithTheRemedy(string type, string shape, string said)
    {
        byte[] file = NumpyBytes.Npy(type, shape, new byte[8]);

        Assert.That(() => Read(file, ArrayKind.Labels), Throws.TypeOf<DataException>().With.Message.Contains(said));
    }

    [Test]
    public void Read_VersionOfOtherText_IsRefused()
    {
        byte[] file = NumpyBytes.Npy("'|u1'", "(1, 2, 2)", new byte[4], major: 3);

        Assert.That(() => Read(file, ArrayKind.Images), Throws.TypeOf<DataException>().With.Message.Contains("3.0"));
    }

    [Test]
    public void Npz_DamagedValue_IsFoundByItsChecksum()
    {
        byte[] pixels = [11, 22, 33, 44];
        byte[] archive = NumpyBytes.Npz(System.IO.Compression.CompressionLevel.NoCompression, ("images", NumpyBytes.Of(pixels, 1, 2, 2)));
        int at = archive.AsSpan().IndexOf(pixels);
        Assert.That(at, Is.Positive);
        archive[at] ^= 1;
        using NpzFile file = NpzFile.Open(new MemoryStream(archive), "x.npz");

        Assert.That(
            () => file.Read("images", ArrayKind.Images),
            Throws.TypeOf<DataException>().With.Message.Contains("checksum").And.Message.Contains("x.npz (images.npy)"));
    }

    private static ArrayContent Read(byte[] file, ArrayKind kind) => NpyReader.Read(new MemoryStream(file), "x.npy", kind);
}
