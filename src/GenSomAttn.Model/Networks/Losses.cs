namespace GenSomAttn.Model.Networks;

/// <summary>Loss of a batch and its parts, means over the batch; parts that do not apply to the model are null.</summary>
/// <param name="Total">The total loss, the objective of the gradient descent.</param>
/// <param name="MseE">mse_e, per-pixel mean squared error of D(v), the decoded code (E: encoded); v is the drawn code z in a VAE.</param>
/// <param name="MseQ">mse_q, per-pixel mean squared error of D(w), the decoded codebook vector of the BMU (Q: quantized).</param>
public readonly record struct Losses(float Total, float? MseE = null, float? MseQ = null);
