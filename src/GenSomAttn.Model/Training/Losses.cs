namespace GenSomAttn.Model.Training;

/// <summary>The loss of a batch and those parts of it that the model has, means over the batch.</summary>
/// <param name="Total">What the gradient minimizes.</param>
/// <param name="MseE">Per-pixel MSE of D(v).</param>
/// <param name="MseQ">Per-pixel MSE of D(w_bmu).</param>
public readonly record struct Losses(float Total, float? MseE = null, float? MseQ = null);
