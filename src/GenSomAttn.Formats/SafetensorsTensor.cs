namespace GenSomAttn.Formats;

/// <summary>One named tensor of a safetensors file, row-major.</summary>
public sealed class SafetensorsTensor
{
    private readonly Array _values;

    private SafetensorsTensor(string name, string dtype, IReadOnlyList<int> shape, Array values)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(values);
        long count = CountElements(shape);
        if (shape.Any(dimension => dimension < 0) || (dtype != "I64" && count != values.Length))
        {
            throw new ArgumentException(
                $"Tensor {name} has {values.Length} elements, expected {count} = [{string.Join(", ", shape)}].", nameof(values));
        }

        Name = name;
        DType = dtype;
        Shape = shape;
        _values = values;
    }

    /// <summary>Name of the tensor, unique in its file.</summary>
    public string Name { get; }

    /// <summary>"F32", "I32" or "I64".</summary>
    public string DType { get; }

    /// <summary>Dimensions, the slowest first; empty for a scalar.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The values of an F32 tensor, as many as the product of <see cref="Shape"/>.</summary>
    /// <exception cref="TensorFileException">The tensor is not F32.</exception>
    public float[] Floats => (_values as float[]) ?? throw WrongType("F32");

    /// <summary>The values of an I32 tensor, as many as the product of <see cref="Shape"/>.</summary>
    /// <exception cref="TensorFileException">The tensor is not I32.</exception>
    public int[] Ints => (_values as int[]) ?? throw WrongType("I32");

    /// <summary>Creates an F32 tensor of <paramref name="values"/>, which are not copied.</summary>
    /// <exception cref="ArgumentException">The number of values is not the product of <paramref name="shape"/>.</exception>
    public static SafetensorsTensor Of(string name, IReadOnlyList<int> shape, float[] values) => new(name, "F32", shape, values);

    /// <summary>Creates an I32 tensor of <paramref name="values"/>, which are not copied.</summary>
    /// <exception cref="ArgumentException">The number of values is not the product of <paramref name="shape"/>.</exception>
    public static SafetensorsTensor Of(string name, IReadOnlyList<int> shape, int[] values) => new(name, "I32", shape, values);

    /// <summary>Creates an I64 tensor without its values, which nothing uses.</summary>
    internal static SafetensorsTensor OfCounters(string name, IReadOnlyList<int> shape) => new(name, "I64", shape, Array.Empty<long>());

    /// <summary>Computes the product of the dimensions; if it exceeds 2^31 - 1, returns some number above 2^31 - 1.</summary>
    /// <param name="shape">Dimensions, none of them negative.</param>
    internal static long CountElements(IReadOnlyList<int> shape)
    {
        if (shape.Contains(0))
        {
            return 0;
        }

        long count = 1;
        foreach (int dimension in shape)
        {
            // Saturates above 2^31 - 1, so that the product of any number of dimensions does not overflow a long.
            count = count > int.MaxValue ? count : count * dimension;
        }

        return count;
    }

    private TensorFileException WrongType(string expected) => new($"Tensor {Name} holds {DType}, expected {expected}.");
}
