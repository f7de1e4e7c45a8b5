using GenSomAttn.Model.Networks;

namespace GenSomAttn.Model.Training;

/// <summary>The training diverged: a loss, a gradient or a parameter is NaN or infinite, which further steps would only spread.</summary>
/// <param name="message">The value, and the step.</param>
/// <param name="innerException">The exception that it extends.</param>
public sealed class TrainingDivergedException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Makes the exception for a step.</summary>
    /// <param name="step">The step, from 1.</param>
    /// <param name="losses">Its losses.</param>
    /// <param name="gradient">The first parameter whose gradient is not finite; null if all are.</param>
    public TrainingDivergedException(long step, Losses losses, string? gradient)
        : this(
            $"The loss became {losses.Total} in step {step}{Parts(losses)}; training stopped."
            + (gradient is null ? "" : $" The gradient of {gradient} is not finite."))
    {
    }

    private static string Parts(Losses losses)
    {
        string mseE = losses.MseE is { } e ? $"MSE_e {e}" : "";
        string mseQ = losses.MseQ is { } q ? $", MSE_q {q}" : "";
        return mseE.Length == 0 ? "" : $" ({mseE}{mseQ})";
    }
}
