using GenSomAttn.Backends;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>A training before its first step.</summary>
internal sealed class PreparedTraining : IDisposable
{
    /// <summary>Its configuration.</summary>
    public required RunConfig Config { get; set; }

    /// <summary>Backend that computes it.</summary>
    public required Backend<float> Backend { get; init; }

    /// <summary>Its data.</summary>
    public Dataset Dataset { get; set; } = null!;

    /// <summary>Its trainer.</summary>
    public Trainer Trainer { get; set; } = null!;

    /// <summary>Lock of an existing run directory; null without one.</summary>
    public IDisposable? Held { get; set; }

    /// <summary>Runs the steps that make it, and frees what it holds if one fails: else a lock would stay in the run.</summary>
    /// <returns>The training.</returns>
    public PreparedTraining Fill(Action steps)
    {
        try
        {
            steps();
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Trainer?.Dispose();
        Held?.Dispose();
        Backend.Dispose();
    }
}
