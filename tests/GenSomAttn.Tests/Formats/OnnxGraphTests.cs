using System.Text;
using GenSomAttn.Formats;
using NUnit.Framework;

namespace GenSomAttn.Tests.Formats;

/// <summary>Bytes of protocol buffers and of a graph; tools/onnx-tests.sh reads whole networks with ONNX Runtime.</summary>
public sealed class OnnxGraphTests
{
    [Test]
    public void Writer_Fields_HaveTheBytesOfTheDocumentation()
    {
        // The first three from protobuf.dev, "Encoding".
        Assert.That(Bytes(message => message.Integer(1, 150)), Is.EqualTo("089601"));
        Assert.That(Bytes(message => message.Text(2, "testing")), Is.EqualTo("120774657374696E67"));
        Assert.That(Bytes(message => message.Message(3, inner => inner.Integer(1, 150))), Is.EqualTo("1A03089601"));
        Assert.That(Bytes(message => message.Integer(1, -2)), Is.EqualTo("08FEFFFFFFFFFFFFFFFF01"));
        Assert.That(Bytes(message => message.Number(5, 1)), Is.EqualTo("2D0000803F"));
        Assert.That(Bytes(message => message.Integer(20, 0)), Is.EqualTo("A00100"));
    }

    [Test]
    public void Graph_Twice_IsTheSameBytesWithEveryName()
    {
        byte[] bytes = Graph();
        string text = Encoding.Latin1.GetString(bytes);

        Assert.That(bytes, Is.EqualTo(Graph()));
        string[] names = ["sums", "of rows", "x", "w", "y", "MatMul", "program", "1.2", "key", "value", "batch", "transA"];
        Assert.That(names.Where(name => !text.Contains(name, StringComparison.Ordinal)), Is.Empty);

        // Version 8 of the format first, and version 17 of the operators of the domain "".
        Assert.That(Convert.ToHexString(bytes), Does.StartWith("0808").And.Contain("42040A001011"));
    }

    [Test]
    public void Graph_AttributeOfAnotherType_IsRefused()
    {
        var graph = new OnnxGraph("g", "");
        graph.AddNode("Relu", "y", ["x"], new OnnxSetting("alpha", 1.5));

        Assert.That(() => graph.ToBytes("p", "1", []), Throws.ArgumentException.With.Message.Contains("alpha"));
    }

    private static byte[] Graph()
    {
        var graph = new OnnxGraph("sums", "of rows");
        string x = graph.AddInput("x", OnnxType.Numbers, null, 2);
        string w = graph.AddConstant(new NamedTensor("w", [2, 1], [1, 1]));
        graph.AddNode("MatMul", "y", [x, w], new("transA", 0L), new("beta", 1f), new("axes", (long[])[1, 2]));
        graph.AddOutput("y", OnnxType.Numbers, null, 1);
        return graph.ToBytes("program", "1.2", new Dictionary<string, string> { ["key"] = "value" });
    }

    private static string Bytes(Action<ProtobufWriter> write)
    {
        using var message = new ProtobufWriter();
        write(message);
        return Convert.ToHexString(message.ToBytes());
    }
}
