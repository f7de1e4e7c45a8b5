namespace GenSomAttn.Backends;

public abstract partial class Backend<T>
{
    /// <summary>Every element = value. Overwrites <paramref name="output"/>.</summary>
    public void Fill(T value, DeviceView<T> output)
    {
        using OperationCall call = Elementwise(output).Writes(output, output.Length).Begin();
        FillCore(value, output);
    }

    /// <summary>Computes <see cref="Fill"/>.</summary>
    protected abstract void FillCore(T value, DeviceView<T> output);
}
