using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Settings;

/// <summary>A named choice of defaults.</summary>
public enum Preset
{
    /// <summary>The defaults.</summary>
    Default,

    /// <summary>Every value that the report states, its loss among them, which gives the encoder no gradient.</summary>
    Report,

    /// <summary>Fidelity of the units first.</summary>
    Map,

    /// <summary>Generated images first.</summary>
    Samples,
}

/// <summary>The values of the presets; docs/CHOICES.md has the measurements.</summary>
public static class Presets
{
    /// <summary>Returns the settings with the values of a preset in place of those that it sets.</summary>
    /// <param name="preset">The preset.</param>
    /// <param name="settings">Values of all others.</param>
    public static TrainingSettings Apply(Preset preset, TrainingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return preset switch
        {
            Preset.Default => settings,
            Preset.Report => settings.With(new MapOptions()) with
            {
                Epochs = 20,
                BatchSize = 64,
                LearningRate = 1e-3,
                Latent = 32,
                MapHeight = 12,
                MapWidth = 12,
                Loss = LossKind.Report,
            },
            Preset.Map => Hexagons(settings) with { SigmaEnd = 0.5, QuantizedWeight = 0.25, Commitment = 0.05 },
            Preset.Samples => Hexagons(settings) with { SigmaEnd = 0.5, QuantizedWeight = 0.05, Commitment = 0.05 },
            _ => throw new ArgumentOutOfRangeException(nameof(preset)),
        };
    }

    private static TrainingSettings Hexagons(TrainingSettings settings) =>
        settings.With((settings.MapOptions ?? new MapOptions()) with { Lattice = MapLattice.Hexagon });
}
