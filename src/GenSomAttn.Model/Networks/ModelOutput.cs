using GenSomAttn.Backends;
using GenSomAttn.Engine.Som;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// Output of a model for a batch of images, null where the model has no such output; the views stay valid until its next forward pass.
/// </summary>
/// <param name="Codes">v, (N, D); for a VAE the means of the codes, for a classifier its features.</param>
public readonly record struct ModelOutput(DeviceView<float> Codes)
{
    /// <summary>Log-variances of the codes, (N, D), of a model that encodes images as distributions.</summary>
    public DeviceView<float>? LogVariance { get; init; }

    /// <summary>Best matching units of the codes.</summary>
    public Winners? Winners { get; init; }

    /// <summary>D(v), the decoded codes, (N, S·S).</summary>
    public DeviceView<float>? Images { get; init; }

    /// <summary>D(w), the decoded codebook vectors of the BMUs, (N, S·S).</summary>
    public DeviceView<float>? QuantizedImages { get; init; }

    /// <summary>Logits of the classes, (N, classes).</summary>
    public DeviceView<float>? Logits { get; init; }
}
