namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void FillCore(T value, DeviceView<T> output) => output.Span().Fill(value);
}
