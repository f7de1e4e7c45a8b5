namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void AddCore(DeviceView<T> left, DeviceView<T> right, DeviceView<T> sum)
    {
        for (int i = 0; i < left.Length; i++)
        {
            sum[i] = left[i] + right[i];
        }
    }
}
