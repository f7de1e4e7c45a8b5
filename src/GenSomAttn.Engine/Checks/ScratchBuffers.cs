using GenSomAttn.Backends;

namespace GenSomAttn.Engine.Checks;

/// <summary>Short-lived buffers on a backend, given back together.</summary>
public sealed class ScratchBuffers(IBackend backend) : IDisposable
{
    private readonly DeviceMemory _memory = new(backend);

    /// <summary>Where the buffers live.</summary>
    public IBackend Backend { get; } = backend;

    /// <summary>A new tensor of zeros.</summary>
    public DeviceView<T> Zeros<T>(int length)
        where T : unmanaged => _memory.Take<T>(length);

    /// <summary>A new tensor of these elements.</summary>
    public DeviceView<T> Of<T>(ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        DeviceView<T> view = Zeros<T>(elements.Length);
        view.CopyFrom(elements);
        return view;
    }

    /// <summary>A new tensor of these numbers, rounded to float.</summary>
    public DeviceView<float> Rounded(ReadOnlySpan<double> numbers)
    {
        float[] elements = new float[numbers.Length];
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = (float)numbers[i];
        }

        return Of<float>(elements);
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
