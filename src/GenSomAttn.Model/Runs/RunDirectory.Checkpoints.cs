using GenSomAttn.Formats;
using GenSomAttn.Model.Networks;

namespace GenSomAttn.Model.Runs;

/// <content>The checkpoints of a run: the newest, and the one before.</content>
public sealed partial class RunDirectory
{
    /// <summary>Checks that the volume has space for three checkpoints: two that are kept and one that is being written.</summary>
    /// <exception cref="FileException">It has not; the message gives the needed and the free space.</exception>
    public void CheckSpace(Checkpoint checkpoint)
    {
        const long Kept = 3;
        ArgumentNullException.ThrowIfNull(checkpoint);
        long needed = Kept * checkpoint.Tensors.Sum(tensor => (long)tensor.Values.Length * sizeof(float));
        long free = _files.Disk.FreeBytes(Path);
        if (free < needed)
        {
            throw new FileException(
                $"Cannot train in {Path}: its checkpoints take {Megabytes(needed)}, and {Megabytes(free)} are free on its volume. "
                + "Free some, or choose a folder on another volume.");
        }
    }

    /// <summary>Writes a checkpoint as the last, and keeps the old last one as the previous.</summary>
    /// <exception cref="FileException">A file cannot be written; an existing last checkpoint remains.</exception>
    public void SaveCheckpoint(Checkpoint checkpoint)
    {
        byte[] bytes = CheckpointFile.ToBytes(checkpoint);

        // A copy, not a rename: the last checkpoint exists at every moment.
        if (File.Exists(LastCheckpoint))
        {
            _files.Copy(LastCheckpoint, PreviousCheckpoint);
        }

        _files.Write(LastCheckpoint, bytes);
    }

    /// <summary>Loads the newest intact checkpoint for resuming; null if there is no checkpoint.</summary>
    /// <returns>The checkpoint, and the fault of the last one if it is damaged; the previous one has then replaced it on disk.</returns>
    /// <exception cref="TensorFileException">All checkpoints are damaged.</exception>
    public (Checkpoint? Checkpoint, string? Damage) Recover()
    {
        if (!File.Exists(LastCheckpoint) && !File.Exists(PreviousCheckpoint))
        {
            return (null, null);
        }

        try
        {
            return (CheckpointFile.Load(LastCheckpoint), null);
        }
        catch (TensorFileException exception) when (File.Exists(PreviousCheckpoint))
        {
            Checkpoint previous = CheckpointFile.Load(PreviousCheckpoint);

            // Otherwise the next save would replace the intact previous checkpoint by the damaged one.
            _files.Copy(PreviousCheckpoint, LastCheckpoint);
            return (previous, exception.Message);
        }
    }

    /// <summary>Reads the newest checkpoint.</summary>
    /// <param name="allowNonFinite">Whether tensors may hold infinity or NaN.</param>
    /// <exception cref="FileException">The run has none yet.</exception>
    /// <exception cref="TensorFileException">The file is damaged.</exception>
    public Checkpoint LoadCheckpoint(bool allowNonFinite = false)
    {
        if (!File.Exists(LastCheckpoint))
        {
            throw new FileException($"{Path} has no checkpoint yet: its training was stopped before the first.");
        }

        try
        {
            return CheckpointFile.Load(LastCheckpoint, allowNonFinite);
        }
        catch (TensorFileException exception) when (File.Exists(PreviousCheckpoint))
        {
            throw new TensorFileException(
                $"{exception.Message} To use the checkpoint before it, copy {PreviousCheckpoint} over it.", exception);
        }
    }
}
