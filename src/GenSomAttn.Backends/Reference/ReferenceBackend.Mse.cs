namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void MseForwardCore(DeviceView<T> prediction, DeviceView<T> target, DeviceView<T> loss)
    {
        T sum = T.Zero;
        for (int i = 0; i < prediction.Length; i++)
        {
            sum += (prediction[i] - target[i]) * (prediction[i] - target[i]);
        }

        loss[0] = sum / T.CreateChecked(prediction.Length);
    }

    /// <inheritdoc/>
    protected override void MseBackwardCore(DeviceView<T> prediction, DeviceView<T> target, T scale, DeviceView<T> dPrediction)
    {
        T factor = scale * Two / T.CreateChecked(prediction.Length);
        for (int i = 0; i < prediction.Length; i++)
        {
            // forward: loss = Σ (prediction[i] - target[i])² / elements
            dPrediction[i] = factor * (prediction[i] - target[i]);
        }
    }
}
