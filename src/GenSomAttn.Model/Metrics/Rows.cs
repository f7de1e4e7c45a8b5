using System.Numerics;

namespace GenSomAttn.Model.Metrics;

/// <summary>Row-major matrix of N vectors of D elements: features, codes or pixels. At least one vector, and all elements finite.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class Rows<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ReadOnlyMemory<T> _values;

    /// <summary>Creates a view of values, which are not copied.</summary>
    /// <param name="values">(N, D).</param>
    /// <param name="dimension">D.</param>
    /// <exception cref="ArgumentException">There is no vector, the last one is incomplete, or an element is not finite.</exception>
    public Rows(ReadOnlyMemory<T> values, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        if (values.IsEmpty || values.Length % dimension != 0)
        {
            throw new ArgumentException($"{values.Length} numbers are not one or more whole vectors of {dimension}.", nameof(values));
        }

        ReadOnlySpan<T> numbers = values.Span;
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!T.IsFinite(numbers[i]))
            {
                throw new ArgumentException(
                    $"Element {i % dimension} of vector {i / dimension} is {numbers[i]}: scores need finite numbers.", nameof(values));
            }
        }

        _values = values;
        Dimension = dimension;
        Count = values.Length / dimension;
    }

    /// <summary>N.</summary>
    public int Count { get; }

    /// <summary>D.</summary>
    public int Dimension { get; }

    /// <summary>(N, D).</summary>
    public ReadOnlySpan<T> Values => _values.Span;

    /// <summary>(N, D), as memory.</summary>
    internal ReadOnlyMemory<T> Memory => _values;

    /// <summary>Vector n, (D).</summary>
    public ReadOnlySpan<T> this[int n] => Values.Slice(n * Dimension, Dimension);

    /// <summary>Converts the elements to double.</summary>
    public Rows<double> Widened()
    {
        ReadOnlySpan<T> numbers = Values;
        double[] widened = new double[numbers.Length];
        for (int i = 0; i < widened.Length; i++)
        {
            widened[i] = double.CreateChecked(numbers[i]);
        }

        return new Rows<double>(widened, Dimension);
    }

    /// <summary>Copies the vectors at the given indices, in their order.</summary>
    public Rows<T> Select(ReadOnlySpan<int> numbers)
    {
        T[] selected = new T[numbers.Length * Dimension];
        for (int i = 0; i < numbers.Length; i++)
        {
            this[numbers[i]].CopyTo(selected.AsSpan(i * Dimension));
        }

        return new Rows<T>(selected, Dimension);
    }

    /// <summary>Checks that the vectors of another matrix have the same dimension.</summary>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    internal void CheckSameDimension<TOther>(Rows<TOther> other)
        where TOther : unmanaged, IFloatingPointIeee754<TOther>
    {
        if (other.Dimension != Dimension)
        {
            throw new ArgumentException($"Vectors of {Dimension} and of {other.Dimension} numbers cannot be compared.");
        }
    }
}
