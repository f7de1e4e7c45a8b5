using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks;

namespace GenSomAttn.Model.Checks;

/// <summary>Report of <see cref="Doctor.Examine"/>.</summary>
/// <param name="Results">One row per compared tensor.</param>
public sealed record DoctorReport(IReadOnlyList<CheckResult> Results)
{
    /// <summary>
    /// Whether every difference is exactly 0. Results in float and double differ somewhere; if they do not, nothing was compared.
    /// </summary>
    public bool ComparedNothing => Results.All(result => result.WorstError == 0);

    /// <summary>Whether every tensor is within its tolerance, and something was compared.</summary>
    public bool Passed => !ComparedNothing && Results.All(result => result.Passed);
}

/// <summary>Self-test of a backend against the reference.</summary>
public static class Doctor
{
    /// <summary>
    /// Checks each operation, forward and backward, against the reference in double, and ten training steps against the reference
    /// backend in float.
    /// </summary>
    /// <param name="backend">Backend to check.</param>
    /// <param name="progress">Called with the name of each part before it runs.</param>
    public static DoctorReport Examine(Backend<float> backend, Action<string> progress)
    {
        IReadOnlyList<CheckResult> operations = CheckOperations(backend, progress);
        progress("ten training steps");
        return new DoctorReport([.. operations, .. TrainingCheck.Run(backend)]);
    }

    /// <summary>Checks the operations alone.</summary>
    /// <param name="backend">Backend to check.</param>
    /// <param name="progress">Called with the name of each part before it runs.</param>
    public static IReadOnlyList<CheckResult> CheckOperations(Backend<float> backend, Action<string> progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        progress("operations with a gradient");
        CheckResult[] gradients = [.. GradientChecks.Cases.SelectMany(each => GradientChecks.CheckBackend(each, backend))];
        progress("operations without a gradient");
        return [.. gradients, .. PlainChecks.Run(backend)];
    }
}
