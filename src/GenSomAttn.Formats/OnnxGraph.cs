using System.Runtime.InteropServices;

namespace GenSomAttn.Formats;

/// <summary>Element type of a tensor in an ONNX file; the value is that of TensorProto.DataType.</summary>
public enum OnnxType
{
    /// <summary>float32.</summary>
    Numbers = 1,

    /// <summary>int64.</summary>
    WholeNumbers = 7,
}

/// <summary>An attribute of a node.</summary>
/// <param name="Name">Its name in the definition of the operator.</param>
/// <param name="Value">A whole number (long), a number (float) or a list of whole numbers (long[]).</param>
public readonly record struct OnnxSetting(string Name, object Value);

/// <summary>A graph of operators, written as an ONNX file: version 8 of the format, version 17 of the operators.</summary>
/// <remarks>
/// Source: github.com/onnx/onnx, onnx/onnx.proto and docs/Operators.md. Version 17 is the first with LayerNormalization; ONNX Runtime 1.13
/// (2022) and later read it. The same graph gives the same bytes.
/// </remarks>
/// <param name="name">Name of the graph.</param>
/// <param name="description">Description of the graph.</param>
public sealed class OnnxGraph(string name, string description)
{
    private const int FormatVersion = 8;
    private const int OperatorVersion = 17;

    /// <summary>Name of the axis that may have any length.</summary>
    private const string FreeAxis = "batch";

    private readonly List<Action<ProtobufWriter>> _nodes = [];
    private readonly List<Action<ProtobufWriter>> _constants = [];
    private readonly List<Action<ProtobufWriter>> _inputs = [];
    private readonly List<Action<ProtobufWriter>> _outputs = [];

    /// <summary>Adds an input, and returns its name.</summary>
    /// <param name="input">The name.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="shape">Its axes; null for an axis of any length.</param>
    public string AddInput(string input, OnnxType type, params IReadOnlyList<int?> shape)
    {
        _inputs.Add(message => WriteValue(message, input, type, shape));
        return input;
    }

    /// <summary>Adds a result of a node as an output of the graph.</summary>
    /// <param name="output">Name of the result.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="shape">Its axes; null for an axis of any length.</param>
    public void AddOutput(string output, OnnxType type, params IReadOnlyList<int?> shape) =>
        _outputs.Add(message => WriteValue(message, output, type, shape));

    /// <summary>Adds a tensor of numbers, and returns its name.</summary>
    public string AddConstant(NamedTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        long[] shape = [.. tensor.Shape.Select(axis => (long)axis)];
        _constants.Add(message =>
            WriteTensor(message, tensor.Name, OnnxType.Numbers, shape, MemoryMarshal.AsBytes(tensor.Values.AsSpan())));
        return tensor.Name;
    }

    /// <summary>Adds a list of whole numbers, such as a shape, and returns its name.</summary>
    public string AddConstant(string constant, params long[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _constants.Add(message =>
            WriteTensor(message, constant, OnnxType.WholeNumbers, [values.Length], MemoryMarshal.AsBytes(values.AsSpan())));
        return constant;
    }

    /// <summary>Adds a node of one result, and returns the result's name.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="result">Name of its result, unique in the graph.</param>
    /// <param name="inputs">Names of its inputs.</param>
    /// <param name="attributes">Its attributes.</param>
    public string AddNode(string operation, string result, IReadOnlyList<string> inputs, params IReadOnlyList<OnnxSetting> attributes)
    {
        AddNode(operation, [result], inputs, attributes);
        return result;
    }

    /// <summary>Adds a node of several results.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="results">Names of its results; the node has that of the first.</param>
    /// <param name="inputs">Names of its inputs.</param>
    /// <param name="attributes">Its attributes.</param>
    public void AddNode(
        string operation, IReadOnlyList<string> results, IReadOnlyList<string> inputs, params IReadOnlyList<OnnxSetting> attributes)
    {
        ArgumentNullException.ThrowIfNull(results);
        _nodes.Add(node =>
        {
            Each(inputs, input => node.Text(1, input));
            Each(results, result => node.Text(2, result));
            node.Text(3, results[0]);
            node.Text(4, operation);
            Each(attributes, attribute => node.Message(5, message => WriteAttribute(message, attribute)));
        });
    }

    /// <summary>Serializes the graph.</summary>
    /// <param name="producer">Name of the program.</param>
    /// <param name="version">Version of the program.</param>
    /// <param name="metadata">Written as metadata_props, in this order.</param>
    public byte[] ToBytes(string producer, string version, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        using var model = new ProtobufWriter();
        model.Integer(1, FormatVersion);
        model.Text(2, producer);
        model.Text(3, version);
        model.Message(7, graph =>
        {
            _nodes.ForEach(node => graph.Message(1, node));
            graph.Text(2, name);
            _constants.ForEach(constant => graph.Message(5, constant));
            graph.Text(10, description);
            _inputs.ForEach(input => graph.Message(11, input));
            _outputs.ForEach(output => graph.Message(12, output));
        });
        model.Message(8, operators =>
        {
            operators.Text(1, "");
            operators.Integer(2, OperatorVersion);
        });
        Each(metadata, pair => model.Message(14, entry =>
        {
            entry.Text(1, pair.Key);
            entry.Text(2, pair.Value);
        }));
        return model.ToBytes();
    }

    private static void WriteAttribute(ProtobufWriter message, OnnxSetting attribute)
    {
        const int FloatType = 1, IntType = 2, IntsType = 7, TypeField = 20;
        message.Text(1, attribute.Name);
        switch (attribute.Value)
        {
            case float number:
                message.Number(2, number);
                message.Integer(TypeField, FloatType);
                break;
            case long whole:
                message.Integer(3, whole);
                message.Integer(TypeField, IntType);
                break;
            case long[] list:
                Array.ForEach(list, value => message.Integer(8, value));
                message.Integer(TypeField, IntsType);
                break;
            default:
                throw new ArgumentException($"Attribute {attribute.Name} is of type {attribute.Value.GetType()}.");
        }
    }

    private static void WriteTensor(
        ProtobufWriter message, string tensor, OnnxType type, ReadOnlySpan<long> shape, ReadOnlySpan<byte> littleEndian)
    {
        foreach (long axis in shape)
        {
            message.Integer(1, axis);
        }

        message.Integer(2, (long)type);
        message.Text(8, tensor);
        message.Bytes(9, littleEndian);
    }

    private static void WriteValue(ProtobufWriter message, string value, OnnxType type, IReadOnlyList<int?> shape)
    {
        message.Text(1, value);
        message.Message(2, typed => typed.Message(1, tensor =>
        {
            tensor.Integer(1, (long)type);
            tensor.Message(2, axes => Each(shape, length => axes.Message(1, axis =>
            {
                if (length is { } known)
                {
                    axis.Integer(1, known);
                }
                else
                {
                    axis.Text(2, FreeAxis);
                }
            })));
        }));
    }

    private static void Each<T>(IEnumerable<T> items, Action<T> write)
    {
        foreach (T item in items)
        {
            write(item);
        }
    }
}
