using GenSomAttn.Backends;
using GenSomAttn.Engine.Som;

namespace GenSomAttn.Model;

/// <summary>What the model makes of a batch; the views stay valid until its next forward pass.</summary>
/// <param name="Codes">v, (N, D).</param>
/// <param name="Winners">The units nearest to each code.</param>
/// <param name="Quantized">w_bmu, the codebook vectors of the winners, (N, D).</param>
/// <param name="Images">D(v), (N, S·S).</param>
/// <param name="QuantizedImages">D(w_bmu), (N, S·S).</param>
public readonly record struct Reconstruction(
    DeviceView<float> Codes, Winners Winners, DeviceView<float> Quantized,
    DeviceView<float> Images, DeviceView<float> QuantizedImages);
