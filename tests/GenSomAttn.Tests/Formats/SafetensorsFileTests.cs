using System.Buffers.Binary;
using System.Text;
using GenSomAttn.Formats;
using NUnit.Framework;

namespace GenSomAttn.Tests.Formats;

/// <summary>The strict reader and the deterministic writer of safetensors.</summary>
public sealed class SafetensorsFileTests
{
    internal static readonly Dictionary<string, string> Metadata = new() { ["op"] = "quote \" and ü", ["a"] = string.Empty };

    internal static SafetensorsTensor[] ThreeTensors() =>
    [
        SafetensorsTensor.Of("weight", [2, 3], [1f, -2.5f, float.Epsilon, float.NaN, -0f, float.PositiveInfinity]),
        SafetensorsTensor.Of("empty", [0, int.MaxValue, int.MaxValue, int.MaxValue], Array.Empty<float>()),
        SafetensorsTensor.Of("scalar.ü", [], [int.MinValue]),
    ];

    [Test]
    public void Parse_WhatWasWritten_GivesTheSameBits()
    {
        SafetensorsFile file = SafetensorsFile.Parse(SafetensorsFile.ToBytes(Metadata, ThreeTensors()));

        Assert.That(file.Metadata, Is.EquivalentTo(Metadata));
        string[] names = ["weight", "empty", "scalar.ü"];
        int[] shape = [2, 3];
        Assert.That(file.Tensors.Keys, Is.EquivalentTo(names));
        Assert.That(file.Tensors["weight"].Shape, Is.EqualTo(shape));
        Assert.That(file.Tensors["weight"].Floats.Select(BitConverter.SingleToInt32Bits),
            Is.EqualTo(ThreeTensors()[0].Floats.Select(BitConverter.SingleToInt32Bits)));
        Assert.That(file.Tensors["empty"].Floats, Is.Empty);
        Assert.That(file.Tensors["scalar.ü"].Shape, Is.Empty);
        Assert.That(file.Tensors["scalar.ü"].Ints, Has.Length.EqualTo(1).And.All.EqualTo(int.MinValue));
        Assert.That(() => file.Tensors["weight"].Ints, Throws.TypeOf<TensorFileException>());
        Assert.That(() => file.Tensors["scalar.ü"].Floats, Throws.TypeOf<TensorFileException>());
    }

    [Test]
    public void ToBytes_AnotherOrder_GivesTheSameBytes()
    {
        byte[] bytes = SafetensorsFile.ToBytes(Metadata, ThreeTensors());
        Dictionary<string, string> reversed = new(Metadata.Reverse());

        Assert.That(SafetensorsFile.ToBytes(reversed, ThreeTensors().Reverse()), Is.EqualTo(bytes));
        Assert.That(BinaryPrimitives.ReadInt64LittleEndian(bytes) % 8, Is.Zero);
    }

    [Test]
    public void ToBytes_OneTensor_GivesTheFormatsOwnBytes()
    {
        byte[] bytes = SafetensorsFile.ToBytes(new Dictionary<string, string>(), [SafetensorsTensor.Of("t", [1, 1], [1f])]);

        const string Header = """{"t":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}""";
        Assert.That(bytes, Is.EqualTo(File(Header.PadRight(56), [0, 0, 0x80, 0x3F])));
    }

    [Test]
    public void ToBytes_NameTwiceOrReserved_Throws()
    {
        SafetensorsTensor tensor = ThreeTensors()[0];
        SafetensorsTensor reserved = SafetensorsTensor.Of("__metadata__", [1], [1f]);

        Assert.That(() => SafetensorsFile.ToBytes(Metadata, [tensor, tensor]), Throws.ArgumentException);
        Assert.That(() => SafetensorsFile.ToBytes(Metadata, [reserved]), Throws.ArgumentException);
        Assert.That(() => SafetensorsTensor.Of("wrong", [2, 2], new float[5]), Throws.ArgumentException);
        Assert.That(() => SafetensorsTensor.Of("wrong", [-1, -1], new float[1]), Throws.ArgumentException);
    }

    [TestCase("", TestName = "Parse_NoJson_Throws")]
    [TestCase("[]")]
    [TestCase(" {}")]
    [TestCase("{")]
    [TestCase("{}}")]
    [TestCase("{}x")]
    [TestCase("{/**/}")]
    [TestCase("""{"t":0}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":[1]}}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}}""")]
    [TestCase("""{"t":{"dtype":"F64","shape":[1],"data_offsets":[0,4]}}""")]
    [TestCase("""{"t":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,1e400]}}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775806,9223372036854775807]}}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":[2147483647,2147483647,4],"data_offsets":[0,4]}}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":[[[[[1]]]]],"data_offsets":[0,4]}}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", TestName = "Parse_DataBehindTheLastTensor_Throws")]
    [TestCase("""{"t":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""", TestName = "Parse_HoleBeforeATensor_Throws")]
    [TestCase("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"u":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [TestCase("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0074":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""")]
    [TestCase("""{"t":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [TestCase("""{"__metadata__":{"a":1},"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [TestCase("""{"__metadata__":{"a":"1","a":"1"},"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [TestCase("""{"__metadata__":null,"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [TestCase("""{"__metadata__":{"a":"\ud800"},"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [TestCase("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    public void Parse_BadHeader_Throws(string header)
    {
        Assert.That(() => SafetensorsFile.Parse(File(header, new byte[4])), Throws.TypeOf<TensorFileException>());
    }

    [Test]
    public void Parse_HeaderIsNotUtf8_Throws()
    {
        byte[] bytes = File("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", new byte[4]);
        bytes[10] = 0xFF;

        Assert.That(() => SafetensorsFile.Parse(bytes), Throws.TypeOf<TensorFileException>());
    }

    [TestCase(0UL)]
    [TestCase(ulong.MaxValue)]
    [TestCase((ulong)long.MaxValue)]
    [TestCase(0x1_0000_0002UL)]
    [TestCase(100_000_001UL)]
    public void Parse_HeaderLengthLies_ThrowsWithoutTakingMemory(ulong length)
    {
        byte[] bytes = File("{}", []);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => SafetensorsFile.Parse(bytes), Throws.TypeOf<TensorFileException>());
        // The exception and its message take a few kilobytes.
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(100_000));
    }

    [Test]
    public void Parse_NoTensors_GivesAnEmptyFile()
    {
        Assert.That(SafetensorsFile.Parse(File("{}      ", [])).Tensors, Is.Empty);
    }

    [Test]
    public void Read_NoSuchFile_ThrowsWithThePath()
    {
        Assert.That(() => SafetensorsFile.Read("/no/such/file.safetensors"),
            Throws.TypeOf<TensorFileException>().With.Message.Contains("/no/such/file.safetensors"));
        Assert.That(() => SafetensorsFile.Read(Path.GetTempPath()), Throws.TypeOf<TensorFileException>());
    }

    private static byte[] File(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. data];
    }
}
