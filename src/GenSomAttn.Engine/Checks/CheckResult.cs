using GenSomAttn.Engine.Checks.Cases;

namespace GenSomAttn.Engine.Checks;

/// <summary>What was compared with what.</summary>
public enum CheckStage
{
    /// <summary>Gradient of the reference against central differences of its forward, both in double.</summary>
    Reference,

    /// <summary>An operation of a backend in float, forward if it has a gradient, against the reference in double.</summary>
    Forward,

    /// <summary>Backward of a backend in float against the reference in double.</summary>
    Backward,

    /// <summary>Losses of a training by a backend against those by the reference backend, both in float.</summary>
    Training,
}

/// <summary>Outcome of one comparison: a tensor of a case, at a stage.</summary>
/// <param name="Case">What was checked.</param>
/// <param name="Tensor">Which of its tensors.</param>
/// <param name="Stage">What was compared with what.</param>
/// <param name="Worst">The element with the largest error, measured by its allowance.</param>
/// <param name="AllZero">Whether the tensor, got or expected, is zero everywhere: such a tensor proves nothing.</param>
public sealed record CheckResult(string Case, string Tensor, CheckStage Stage, Comparison Worst, bool AllZero)
{
    /// <summary>The error of the worst element; NaN if that is NaN.</summary>
    public double WorstError => Worst.Error;

    /// <summary>The largest error allowed for that element.</summary>
    public double Tolerance => Worst.Allowed;

    /// <summary>Within the tolerance, a number, and not all zero.</summary>
    public bool Passed => Worst.Passed && !AllZero;

    /// <summary>Compares a tensor with what it should be.</summary>
    /// <exception cref="ArgumentException">The two differ in length, or are empty.</exception>
    public static CheckResult Compare(
        string caseName,
        string tensor,
        CheckStage stage,
        ReadOnlySpan<double> got,
        ReadOnlySpan<double> expected,
        Tolerance tolerance)
    {
        bool allZero = !got.ContainsAnyExcept(0.0) || !expected.ContainsAnyExcept(0.0);
        return new CheckResult(caseName, tensor, stage, Comparison.Of(got, expected, tolerance), allZero);
    }

    /// <summary>One line for a person.</summary>
    public override string ToString() => $"{Case}, {Tensor}, {Stage}: {Worst}{(AllZero ? "; every element is zero" : string.Empty)}";
}
