using GenSomAttn.Backends;
using GenSomAttn.Kernels;

namespace GenSomAttn.Engine.Optimizers;

/// <summary>Adam over all parameters at once (Kingma and Ba 2015), with PyTorch's default constants.</summary>
public sealed class Adam(IBackend backend, ParameterSet parameters)
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    /// <summary>Steps taken so far.</summary>
    public long Step { get; set; }

    /// <summary>Sets the gradients of all parameters to zero.</summary>
    public void ZeroGradients() => backend.Fill(0, parameters.Gradients);

    /// <summary>Moves all parameters once, against their gradients.</summary>
    public void Apply(double learningRate)
    {
        Step++;
        backend.AdamStep(
            parameters.Gradients, new AdamSettings(learningRate, Beta1, Beta2, Epsilon, Step),
            parameters.Values, parameters.FirstMoments, parameters.SecondMoments);
    }
}
