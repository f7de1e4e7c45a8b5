using GenSomAttn.Backends;
using GenSomAttn.Kernels;

namespace GenSomAttn.Engine.Optimizers;

/// <summary>Adam over all parameters at once (Kingma and Ba 2015), with PyTorch's default constants.</summary>
public sealed class Adam(Backend<float> backend, ParameterSet parameters)
{
    private static readonly AdamSettings Settings = new(Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8);

    /// <summary>Sets the gradients of all parameters to zero.</summary>
    public void ZeroGradients() => backend.Fill(0, parameters.Gradients);

    /// <summary>Computes the step size and scale of a step, with bias correction, which <see cref="Apply"/> reads on the device.</summary>
    /// <param name="learningRate">Learning rate.</param>
    /// <param name="step">Number of the step, from 1.</param>
    public static (float StepSize, float SecondScale) Rates(double learningRate, long step) => Settings.Rates(learningRate, step);

    /// <summary>Updates all parameters by one step.</summary>
    /// <param name="rates">(2): the result of <see cref="Rates"/> for this step.</param>
    public void Apply(DeviceView<float> rates) => backend.AdamStep(
        parameters.Gradients, Settings, rates, parameters.Values, parameters.FirstMoments, parameters.SecondMoments);
}
