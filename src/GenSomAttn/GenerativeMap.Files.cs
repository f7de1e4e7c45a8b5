using GenSomAttn.Backends;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Settings;

namespace GenSomAttn;

/// <content>Loading and saving.</content>
public sealed partial class GenerativeMap
{
    /// <summary>Loads a model.</summary>
    /// <param name="path">The folder of a run, or a file of <see cref="Save"/>, of the command export, or a checkpoint.</param>
    /// <param name="compute">Where to compute; null for the defaults.</param>
    /// <exception cref="IOException">There is no such file or folder, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, of another version, or holds no map.</exception>
    /// <exception cref="NotSupportedException">The accelerator is not available here.</exception>
    /// <exception cref="InsufficientMemoryException">The device has too little memory.</exception>
    public static GenerativeMap Load(string path, Compute? compute = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            string full = Path.GetFullPath(path);
            return Open(
                Directory.Exists(full) ? RunDirectory.Open(full).LoadCheckpoint()
                : File.Exists(full) ? CheckpointFile.Load(full)
                : throw new FileNotFoundException($"There is no file or folder {path}.", path),
                compute);
        }
        catch (Exception exception) when (Faults.Explain(exception) is { } known)
        {
            throw known;
        }
    }

    /// <summary>Loads a model from the bytes of a safetensors file, from the position of the stream to its end.</summary>
    /// <param name="stream">What <see cref="Save"/> or the command export wrote, or a checkpoint; it stays open.</param>
    /// <param name="compute">Where to compute; null for the defaults.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged, of another version, or hold no map.</exception>
    /// <exception cref="NotSupportedException">The accelerator is not available here.</exception>
    /// <exception cref="InsufficientMemoryException">The device has too little memory.</exception>
    public static GenerativeMap Load(Stream stream, Compute? compute = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        try
        {
            return Open(CheckpointFile.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), "The stream"), compute);
        }
        catch (Exception exception) when (Faults.Explain(exception) is { } known)
        {
            throw known;
        }
    }

    /// <summary>Writes the model as a safetensors file, in PyTorch's layouts, without the optimizer's state.</summary>
    /// <param name="stream">Receives the bytes from its position on; it stays open.</param>
    /// <exception cref="IOException">A value of the model is not finite, or the stream cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] bytes;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            try
            {
                bytes = CheckpointFile.ToBytes((_checkpoint with { Tensors = _model.Export() }).WithoutOptimizer());
            }
            catch (Exception exception) when (Faults.Explain(exception) is { } known)
            {
                throw known;
            }
        }

        stream.Write(bytes);
    }

    private static GenerativeMap Open(Checkpoint checkpoint, Compute? compute)
    {
        Backend<float> backend = Open(compute ?? new Compute());
        try
        {
            return Restore(backend, checkpoint, stopped: false);
        }
        catch
        {
            backend.Dispose();
            throw;
        }
    }

    private static GenerativeMap Restore(Backend<float> backend, Checkpoint checkpoint, bool stopped)
    {
        ModelKind kind = checkpoint.Settings.Model;
        var model = kind == ModelKind.SomAttn
            ? (SomAttnModel)ImageModel.Restore(backend, checkpoint)
            : throw new InvalidDataException($"The file holds a {kind.ToString().ToLowerInvariant()}, which has no map.");

        // Rows and columns are those of the pictures and of the command locate.
        CanonicalOrder.Arrange(model);
        return new GenerativeMap(backend, model, checkpoint) { Stopped = stopped };
    }
}
