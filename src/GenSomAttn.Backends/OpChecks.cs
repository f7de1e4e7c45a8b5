using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

/// <summary>The checks of operations' arguments, shared by all backends.</summary>
internal static class OpChecks
{
    /// <summary>Throws unless an operand has the number of elements that its shape says.</summary>
    /// <param name="op">Operation, for the message.</param>
    /// <param name="operand">Operand, for the message.</param>
    /// <param name="view">The operand.</param>
    /// <param name="expected">Elements it must have.</param>
    /// <param name="sizes">Where the number comes from; formatted only when it is wrong.</param>
    public static void Length<T, TShape>(string op, string operand, DeviceView<T> view, int expected, TShape sizes)
        where T : unmanaged
        where TShape : struct
    {
        if (view.Length != expected)
        {
            throw new ArgumentException($"{op}: {operand} has {view.Length} elements, expected {expected} by {sizes}.", operand);
        }
    }

    /// <summary>Throws unless an operand is as long as another.</summary>
    public static void SameLength<T, TOther>(string op, string operand, DeviceView<T> view, string other, DeviceView<TOther> otherView)
        where T : unmanaged
        where TOther : unmanaged
    {
        if (view.Length != otherView.Length)
        {
            throw new ArgumentException($"{op}: {operand} has {view.Length} elements, {other} has {otherView.Length}; they must be equal.", operand);
        }
    }

    /// <summary>Throws unless a size is at least 1.</summary>
    public static void Positive(string op, string size, int value)
    {
        if (value < 1)
        {
            throw new ArgumentException($"{op}: {size} is {value}, expected at least 1.", size);
        }
    }

    public static void Conv2d(
        string op, Conv2dShape shape, string inputName, DeviceView<float> input, string outputName, DeviceView<float> output,
        string weightName, DeviceView<float> weight)
    {
        Positive(op, "Stride", shape.Stride);
        Positive(op, "OutHeight", shape.OutHeight);
        Positive(op, "OutWidth", shape.OutWidth);
        Length(op, inputName, input, shape.InputLength, shape);
        Length(op, weightName, weight, shape.WeightLength, shape);
        Length(op, outputName, output, shape.OutputLength, shape);
    }

    public static void ConvTranspose2d(
        string op, ConvTranspose2dShape shape, string inputName, DeviceView<float> input, string outputName, DeviceView<float> output,
        string weightName, DeviceView<float> weight)
    {
        Positive(op, "Stride", shape.Stride);
        Positive(op, "OutHeight", shape.OutHeight);
        Positive(op, "OutWidth", shape.OutWidth);
        Length(op, inputName, input, shape.InputLength, shape);
        Length(op, weightName, weight, shape.WeightLength, shape);
        Length(op, outputName, output, shape.OutputLength, shape);
    }

    public static void Linear(
        string op, LinearShape shape, string inputName, DeviceView<float> input, string outputName, DeviceView<float> output,
        string weightName, DeviceView<float> weight)
    {
        Length(op, inputName, input, shape.InputLength, shape);
        Length(op, weightName, weight, shape.WeightLength, shape);
        Length(op, outputName, output, shape.OutputLength, shape);
    }

    public static void Attention(
        string op, AttentionShape shape, string packedName, DeviceView<float> packed, DeviceView<float> probs,
        string contextName, DeviceView<float> context)
    {
        Positive(op, "Heads", shape.Heads);
        if (shape.Width % shape.Heads != 0)
        {
            throw new ArgumentException($"{op}: Width {shape.Width} is not a multiple of Heads {shape.Heads}.", nameof(shape));
        }

        Length(op, packedName, packed, shape.QueryKeyValueLength, shape);
        Length(op, "probs", probs, shape.ProbsLength, shape);
        Length(op, contextName, context, shape.ContextLength, shape);
    }

    public static void Som(string op, SomShape shape, DeviceView<float> input, DeviceView<float> codebook)
    {
        Positive(op, "Units", shape.Units);
        Length(op, "input", input, shape.InputLength, shape);
        Length(op, "codebook", codebook, shape.CodebookLength, shape);
    }
}
