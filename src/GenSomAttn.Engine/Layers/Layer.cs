using GenSomAttn.Backends;

namespace GenSomAttn.Engine.Layers;

/// <summary>
/// A differentiable function of a batch, with its parameters and buffers. A layer keeps the activations of the last forward pass
/// that its gradient needs, so a backward pass belongs to the last forward pass. Nothing is allocated after construction.
/// </summary>
public abstract class Layer
{
    /// <summary>Runs the forward pass and returns the output, which stays valid until the next call.</summary>
    /// <param name="input">(batch, ...); must stay unchanged until the backward pass, unless the next layer works in place.</param>
    /// <param name="batch">Samples; at most <see cref="LayerContext.MaxBatch"/>.</param>
    public abstract DeviceView<float> Forward(DeviceView<float> input, int batch);

    /// <summary>
    /// Runs the backward pass: adds to the gradients of the parameters and returns the gradient of the loss with respect to the input
    /// of the last <see cref="Forward"/>, or an empty view if the layer was built without that gradient.
    /// </summary>
    /// <param name="dOutput">Gradient of the loss w.r.t. the output, (batch, ...); layers that work in place overwrite it.</param>
    /// <param name="batch">Samples, as in the forward pass.</param>
    public abstract DeviceView<float> Backward(DeviceView<float> dOutput, int batch);
}
