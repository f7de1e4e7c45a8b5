using GenSomAttn.Kernels;

namespace GenSomAttn.Backends;

/// <summary>The optimizer, over the flat buffer of all parameters.</summary>
public interface IOptimizerOps
{
    /// <summary>One step of Adam. Updates <paramref name="parameter"/> and both moments in place.</summary>
    /// <param name="gradient">g.</param>
    /// <param name="settings">β₁, β₂ and ε.</param>
    /// <param name="rates">(2): rate / (1-β₁ᵗ) and 1 / (1-β₂ᵗ), on the device because they change from step to step (<see cref="AdamSettings.Rates"/>).</param>
    /// <param name="parameter">Parameters.</param>
    /// <param name="firstMoment">m.</param>
    /// <param name="secondMoment">v.</param>
    /// <remarks>
    /// m = β₁m + (1-β₁)g; v = β₂v + (1-β₂)g²; parameter -= rate · (m / (1-β₁ᵗ)) / (√(v / (1-β₂ᵗ)) + ε).
    /// Source: Kingma and Ba 2015, algorithm 1; PyTorch optim.Adam.
    /// </remarks>
    void AdamStep(
        DeviceView<float> gradient, AdamSettings settings, DeviceView<float> rates,
        DeviceView<float> parameter, DeviceView<float> firstMoment, DeviceView<float> secondMoment);
}
