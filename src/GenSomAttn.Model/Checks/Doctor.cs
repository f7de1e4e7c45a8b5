using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks;

namespace GenSomAttn.Model.Checks;

/// <summary>What an examination found.</summary>
/// <param name="Results">A row for each tensor that was compared.</param>
public sealed record DoctorReport(IReadOnlyList<CheckResult> Results)
{
    /// <summary>
    /// Whether every difference is exactly 0. Float and double differ somewhere; if they do not, then nothing was compared.
    /// </summary>
    public bool ComparedNothing => Results.All(result => result.WorstError == 0);

    /// <summary>Whether every tensor is within its tolerance, and something was compared.</summary>
    public bool Passed => !ComparedNothing && Results.All(result => result.Passed);
}

/// <summary>Examines a backend: does it compute what the reference does?</summary>
public static class Doctor
{
    /// <summary>
    /// Runs each operation, forward and backward, against the reference in double, and ten steps of a training against the reference
    /// backend in float.
    /// </summary>
    /// <param name="backend">Who is examined.</param>
    /// <param name="progress">Is told what begins.</param>
    public static DoctorReport Examine(IBackend backend, Action<string> progress)
    {
        IReadOnlyList<CheckResult> operations = CheckOperations(backend, progress);
        progress("ten training steps");
        return new DoctorReport([.. operations, .. TrainingCheck.Run(backend)]);
    }

    /// <summary>The operations alone.</summary>
    /// <param name="backend">Who is examined.</param>
    /// <param name="progress">Is told what begins.</param>
    public static IReadOnlyList<CheckResult> CheckOperations(IBackend backend, Action<string> progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        progress("operations with a gradient");
        CheckResult[] gradients = [.. GradientChecks.Cases.SelectMany(each => GradientChecks.CheckBackend(each, backend))];
        progress("operations without a gradient");
        return [.. gradients, .. PlainChecks.Run(backend)];
    }
}
