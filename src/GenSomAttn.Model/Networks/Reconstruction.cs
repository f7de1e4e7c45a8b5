using GenSomAttn.Backends;
using GenSomAttn.Engine.Som;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// Forward pass of the model on a batch: codes, BMUs and decoded images; the views stay valid until its next forward pass.
/// </summary>
/// <param name="Codes">v, (N, D).</param>
/// <param name="Winners">Best matching units of the codes.</param>
/// <param name="Quantized">w, the codebook vectors of the BMUs, (N, D).</param>
/// <param name="Images">D(v), the decoded codes, (N, S·S·C).</param>
/// <param name="QuantizedImages">D(w), the decoded codebook vectors of the BMUs, (N, S·S·C).</param>
public readonly record struct Reconstruction(
    DeviceView<float> Codes, Winners Winners, DeviceView<float> Quantized,
    DeviceView<float> Images, DeviceView<float> QuantizedImages);
