namespace GenSomAttn.Backends;

public abstract partial class Backend<T>
{
    /// <summary>sum = left + right. Overwrites <paramref name="sum"/>; may alias either. Its gradient reaches both unchanged.</summary>
    public void Add(DeviceView<T> left, DeviceView<T> right, DeviceView<T> sum)
    {
        using OperationCall call = Elementwise(left)
            .Reads(left, left.Length).Reads(right, left.Length).Writes(sum, left.Length).Begin();
        AddCore(left, right, sum);
    }

    /// <summary>Computes <see cref="Add"/>.</summary>
    protected abstract void AddCore(DeviceView<T> left, DeviceView<T> right, DeviceView<T> sum);
}
