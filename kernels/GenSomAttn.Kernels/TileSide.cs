namespace GenSomAttn.Kernels;

/// <summary>Size of a thread group, side · side threads, and of its tile, 4·side x 4·side elements of the result.</summary>
public interface ITileSide
{
    /// <summary>16, 8 or 4.</summary>
    int Side { get; }
}

/// <summary>256 threads, a tile of 64 x 64.</summary>
public readonly struct Side16 : ITileSide
{
    /// <inheritdoc/>
    public int Side => 16;
}

/// <summary>64 threads, a tile of 32 x 32: for results with few columns, or few tiles.</summary>
public readonly struct Side8 : ITileSide
{
    /// <inheritdoc/>
    public int Side => 8;
}

/// <summary>16 threads, a tile of 16 x 16: for the simulator.</summary>
public readonly struct Side4 : ITileSide
{
    /// <inheritdoc/>
    public int Side => 4;
}
