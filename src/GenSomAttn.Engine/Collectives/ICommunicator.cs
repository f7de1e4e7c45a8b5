namespace GenSomAttn.Engine.Collectives;

/// <summary>
/// The ranks that compute together: processes that MPI connects, or threads of one process. A rank calls from one thread.
/// </summary>
public interface ICommunicator
{
    /// <summary>Number of this rank, from 0.</summary>
    int Rank { get; }

    /// <summary>Number of ranks.</summary>
    int Size { get; }

    /// <summary>Sends bytes to another rank and receives some from it, which calls this at the same time.</summary>
    /// <param name="partner">The other rank.</param>
    /// <param name="sent">Bytes for it, possibly none.</param>
    /// <param name="received">As many bytes as it sends.</param>
    void Exchange(int partner, ReadOnlySpan<byte> sent, Span<byte> received);
}

/// <summary>The only rank.</summary>
public sealed class SingleRank : ICommunicator
{
    /// <inheritdoc/>
    public int Rank => 0;

    /// <inheritdoc/>
    public int Size => 1;

    /// <summary>Always throws: there is no other rank.</summary>
    public void Exchange(int partner, ReadOnlySpan<byte> sent, Span<byte> received) =>
        throw new InvalidOperationException($"There is no rank {partner}.");
}
