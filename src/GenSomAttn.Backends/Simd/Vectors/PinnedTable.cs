using System.Runtime.CompilerServices;

namespace GenSomAttn.Backends.Simd.Vectors;

/// <summary>A constant table that jobs read through its address, which is valid as long as this object is referenced.</summary>
internal sealed unsafe class PinnedTable<T>
    where T : unmanaged
{
    private readonly T[] _values;

    /// <summary>Copies the values; at least one element is allocated, so that an empty table has an address too.</summary>
    public PinnedTable(ReadOnlySpan<T> values)
    {
        _values = GC.AllocateArray<T>(Math.Max(1, values.Length), pinned: true);
        values.CopyTo(_values);
    }

    /// <summary>Address of the first value.</summary>
    public T* Address => (T*)Unsafe.AsPointer(ref _values[0]);
}
