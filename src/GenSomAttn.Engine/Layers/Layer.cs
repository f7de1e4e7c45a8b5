using GenSomAttn.Backends;

namespace GenSomAttn.Engine.Layers;

/// <summary>
/// A differentiable function of a batch, with its parameters and buffers. A layer keeps what it needs from the last forward
/// pass, so backward passes belong to that one. Nothing is allocated after construction.
/// </summary>
public abstract class Layer
{
    /// <summary>Computes the output; it stays valid until the next call.</summary>
    /// <param name="input">(batch, ...); must stay unchanged until the backward pass, unless the next layer works in place.</param>
    /// <param name="batch">Samples; at most the number that was planned.</param>
    public abstract DeviceView<float> Forward(DeviceView<float> input, int batch);

    /// <summary>
    /// Adds to the gradients of the parameters and returns the gradient of the loss with respect to the input of the last
    /// <see cref="Forward"/>; empty from a layer that was built without one.
    /// </summary>
    /// <param name="dOutput">Gradient of the loss w.r.t. the output, (batch, ...); layers that work in place overwrite it.</param>
    /// <param name="batch">Samples, as in the forward pass.</param>
    public abstract DeviceView<float> Backward(DeviceView<float> dOutput, int batch);
}
