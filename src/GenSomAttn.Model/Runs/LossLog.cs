using GenSomAttn.Formats;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Runs;

/// <summary>
/// The losses of single steps in losses.safetensors of a run, at most about 2,000: of a longer training every second, third, ... step.
/// </summary>
public sealed class LossLog
{
    private const int MaxPoints = 2000;
    private const string Step = "step", Epoch = "epoch", Loss = "loss";
    private readonly AtomicFiles _files;
    private readonly List<StepLoss> _rows = [];

    internal LossLog(AtomicFiles files, string path) => (_files, Path) = (files, path);

    /// <summary>Path of the file.</summary>
    public string Path { get; }

    /// <summary>Reads the rows up to a step, from which a training goes on; none without a file.</summary>
    /// <param name="step">Completed steps.</param>
    /// <exception cref="TensorFileException">The file is damaged.</exception>
    public void Begin(long step)
    {
        // A step allocates nothing: the list does not grow.
        _rows.Clear();
        _rows.EnsureCapacity(MaxPoints);
        _rows.AddRange(Read().Where(row => row.Step <= step));
    }

    /// <summary>Adds the loss of a step, if it is one of those that are kept.</summary>
    /// <param name="row">The step and its loss.</param>
    /// <param name="totalSteps">Steps of the whole training.</param>
    public void Add(StepLoss row, long totalSteps)
    {
        long every = Math.Max(1, (totalSteps + MaxPoints - 1) / MaxPoints);
        if (row.Step % every == 0)
        {
            _rows.Add(row);
        }
    }

    /// <summary>Writes the file, if there are rows.</summary>
    /// <exception cref="FileException">It cannot be written.</exception>
    public void Save()
    {
        if (_rows.Count > 0)
        {
            int[] size = [_rows.Count];
            _files.Write(Path, HashedTensors.ToBytes(
                new Dictionary<string, string>(),
                [
                    SafetensorsTensor.Of(Loss, size, [.. _rows.Select(row => row.Loss)]),
                    SafetensorsTensor.Of(Epoch, size, [.. _rows.Select(row => row.Epoch)]),
                    SafetensorsTensor.Of(Step, size, [.. _rows.Select(row => checked((int)row.Step))]),
                ]));
        }
    }

    /// <summary>Reads the rows; none without a file.</summary>
    /// <exception cref="TensorFileException">The file is damaged.</exception>
    public IReadOnlyList<StepLoss> Read()
    {
        if (!File.Exists(Path))
        {
            return [];
        }

        byte[] bytes = SafetensorsFile.ReadBytes(Path);
        SafetensorsFile file = SafetensorsFile.Parse(bytes, Path);
        try
        {
            HashedTensors.CheckHash(bytes, file);
            (int[] steps, int[] epochs, float[] losses) = (Tensor(file, Step).Ints, Tensor(file, Epoch).Ints, Tensor(file, Loss).Floats);
            bool isInOrder = steps.Length == epochs.Length && steps.Length == losses.Length && losses.All(float.IsFinite)
                && steps.Zip(steps.Skip(1)).All(pair => pair.First < pair.Second)
                && epochs.Zip(epochs.Skip(1)).All(pair => pair.First <= pair.Second);
            return isInOrder
                ? [.. steps.Select((step, at) => new StepLoss(step, epochs[at], losses[at]))]
                : throw new TensorFileException("its steps are not in order.");
        }
        catch (TensorFileException exception)
        {
            throw new TensorFileException($"{Path} does not hold the losses of steps: {exception.Message}", exception);
        }
    }

    private static SafetensorsTensor Tensor(SafetensorsFile file, string name) => file.Tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new TensorFileException($"it has no {name}.");
}
