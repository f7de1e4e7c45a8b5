using System.Runtime.CompilerServices;

namespace GenSomAttn.Kernels.Shapes;

/// <summary>The sizes of an operation.</summary>
public interface IOperationSizes
{
    /// <summary>What is wrong with them, such as "Batch is 0, expected at least 1"; null if nothing is.</summary>
    string? Problem { get; }
}

/// <summary>The checks of single sizes.</summary>
internal static class Size
{
    /// <summary>Null if a size is at least 1.</summary>
    public static string? Positive(int size, [CallerArgumentExpression(nameof(size))] string name = "") =>
        size >= 1 ? null : $"{name} is {size}, expected at least 1";

    /// <summary>Null if a size lies in a range.</summary>
    public static string? InRange(int size, int min, int max, [CallerArgumentExpression(nameof(size))] string name = "") =>
        size >= min && size <= max ? null : $"{name} is {size}, expected {min} to {max}";
}
