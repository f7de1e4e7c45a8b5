namespace GenSomAttn.Backends;

public abstract partial class Backend<T>
{
    /// <summary>
    /// Mean squared error over all elements: loss = Σ (prediction - target)² / elements. Overwrites <paramref name="loss"/>.
    /// </summary>
    /// <param name="prediction">At least one element.</param>
    /// <param name="target">The same length.</param>
    /// <param name="loss">(1).</param>
    public void MseForward(DeviceView<T> prediction, DeviceView<T> target, DeviceView<T> loss)
    {
        using OperationCall call = Elementwise(prediction).Positive(prediction.Length)
            .Reads(prediction, prediction.Length).Reads(target, prediction.Length).Writes(loss, 1).Begin();
        MseForwardCore(prediction, target, loss);
    }

    /// <summary>Gradient of <see cref="MseForward"/>. Overwrites <paramref name="dPrediction"/>.</summary>
    /// <param name="prediction">The input of forward.</param>
    /// <param name="target">The input of forward.</param>
    /// <param name="scale">Weight of this loss in the total.</param>
    /// <param name="dPrediction">The same length.</param>
    /// <remarks>dPrediction = scale · 2 (prediction - target) / elements.</remarks>
    public void MseBackward(DeviceView<T> prediction, DeviceView<T> target, T scale, DeviceView<T> dPrediction)
    {
        using OperationCall call = Elementwise(prediction).Positive(prediction.Length)
            .Reads(prediction, prediction.Length).Reads(target, prediction.Length).Writes(dPrediction, prediction.Length).Begin();
        MseBackwardCore(prediction, target, scale, dPrediction);
    }

    /// <summary>Computes <see cref="MseForward"/>.</summary>
    protected abstract void MseForwardCore(DeviceView<T> prediction, DeviceView<T> target, DeviceView<T> loss);

    /// <summary>Computes <see cref="MseBackward"/>.</summary>
    protected abstract void MseBackwardCore(DeviceView<T> prediction, DeviceView<T> target, T scale, DeviceView<T> dPrediction);
}
