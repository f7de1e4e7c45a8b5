using GenSomAttn.Kernels;

namespace GenSomAttn.Backends;

public abstract partial class Backend<T>
{
    /// <summary>One step of Adam. Updates <paramref name="parameter"/> and both moments in place.</summary>
    /// <param name="gradient">g.</param>
    /// <param name="settings">β₁, β₂ and ε.</param>
    /// <param name="rates">
    /// (2): rate / (1-β₁ᵗ) and 1 / (1-β₂ᵗ), the bias corrections; on the device because they change from step to step
    /// (<see cref="AdamSettings.Rates"/>).
    /// </param>
    /// <param name="parameter">Parameters.</param>
    /// <param name="firstMoment">m.</param>
    /// <param name="secondMoment">v.</param>
    /// <remarks>
    /// m = β₁m + (1-β₁)g; v = β₂v + (1-β₂)g²; parameter -= rate · (m / (1-β₁ᵗ)) / (√(v / (1-β₂ᵗ)) + ε).
    /// Source: Kingma and Ba 2015, algorithm 1; PyTorch optim.Adam.
    /// </remarks>
    public void AdamStep(
        DeviceView<T> gradient, AdamSettings settings, DeviceView<T> rates,
        DeviceView<T> parameter, DeviceView<T> firstMoment, DeviceView<T> secondMoment)
    {
        using OperationCall call = Elementwise(parameter)
            .Reads(gradient, parameter.Length).Uses(rates, 2)
            .Updates(parameter, parameter.Length).Updates(firstMoment, parameter.Length).Updates(secondMoment, parameter.Length).Begin();
        AdamStepCore(gradient, settings, rates, parameter, firstMoment, secondMoment);
    }

    /// <summary>Computes <see cref="AdamStep"/>.</summary>
    protected abstract void AdamStepCore(
        DeviceView<T> gradient, AdamSettings settings, DeviceView<T> rates,
        DeviceView<T> parameter, DeviceView<T> firstMoment, DeviceView<T> secondMoment);
}
