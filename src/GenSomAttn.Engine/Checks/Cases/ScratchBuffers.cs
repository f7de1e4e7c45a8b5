using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;
using GenSomAttn.Backends;

namespace GenSomAttn.Engine.Checks.Cases;

/// <summary>
/// Short-lived buffers on a backend, freed together. A guard lies behind each, so that an operation that writes beyond the end of an
/// operand is found, on every backend.
/// </summary>
public sealed class ScratchBuffers<T>(Backend<T> backend) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Elements of a guard: as many as the widest vector has floats.</summary>
    private const int GuardLength = 16;

    private const byte GuardByte = 0x5A;

    private readonly List<(IDisposable Buffer, Func<string?> Fault)> _buffers = [];

    /// <summary>Where the buffers live.</summary>
    public Backend<T> Backend { get; } = backend;

    /// <summary>A new tensor of zeros.</summary>
    public DeviceView<TElement> Zeros<TElement>(int length)
        where TElement : unmanaged
    {
        DeviceBuffer<TElement> buffer = Backend.Allocate<TElement>(length + GuardLength);
        TElement[] guard = new TElement[GuardLength];
        MemoryMarshal.AsBytes(guard.AsSpan()).Fill(GuardByte);
        buffer.CopyFrom(guard, length);
        _buffers.Add((buffer, Fault));
        return buffer.View.First(length);

        string? Fault()
        {
            buffer.CopyTo(guard, length);
            return MemoryMarshal.AsBytes(guard.AsSpan()).ContainsAnyExcept(GuardByte)
                ? $"An operation wrote beyond the end of a buffer of {length} elements."
                : null;
        }
    }

    /// <summary>A new tensor of these elements.</summary>
    public DeviceView<TElement> Of<TElement>(ReadOnlySpan<TElement> elements)
        where TElement : unmanaged
    {
        DeviceView<TElement> view = Zeros<TElement>(elements.Length);
        view.CopyFrom(elements);
        return view;
    }

    /// <summary>A new tensor of these numbers, rounded to <typeparamref name="T"/>.</summary>
    public DeviceView<T> Rounded(ReadOnlySpan<double> numbers)
    {
        T[] elements = new T[numbers.Length];
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = T.CreateChecked(numbers[i]);
        }

        return Of<T>(elements);
    }

    /// <summary>Frees the buffers.</summary>
    /// <exception cref="InvalidOperationException">An operation wrote beyond the end of one of them.</exception>
    [SuppressMessage(
        "Design", "CA1065:Do not raise exceptions in unexpected locations",
        Justification = "A check that every user of the buffers would have to call would be forgotten.")]
    public void Dispose()
    {
        string?[] faults = [.. _buffers.Select(each => each.Fault())];
        _buffers.ForEach(each => each.Buffer.Dispose());
        _buffers.Clear();
        if (faults.FirstOrDefault(fault => fault is not null) is { } fault)
        {
            throw new InvalidOperationException(fault);
        }
    }
}
