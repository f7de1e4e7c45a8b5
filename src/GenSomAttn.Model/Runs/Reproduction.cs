using System.Text.Json;
using System.Text.Json.Nodes;
using GenSomAttn.Formats;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Runs;

/// <summary>A tensor of which a training computed other values than a checkpoint has.</summary>
/// <param name="Name">Its name in the checkpoint.</param>
/// <param name="Elements">Number of elements that differ.</param>
/// <param name="Largest">Largest difference.</param>
public sealed record TensorDifference(string Name, int Elements, double Largest);

/// <summary>Comparison of a training with a run of the same configuration, epoch by epoch and at the run's newest checkpoint.</summary>
/// <param name="rows">The run's scores.</param>
/// <param name="checkpoint">The run's newest checkpoint.</param>
/// <param name="next">Receives every report.</param>
public sealed class Reproduction(IReadOnlyList<EpochMetrics> rows, Checkpoint checkpoint, ITrainingObserver next)
    : ITrainingObserver, IDisposable
{
    /// <summary>Columns that vary from one training to the next.</summary>
    private static readonly string[] Timings = ["seconds", "images_per_second"];

    private readonly CancellationTokenSource _reached = new();

    /// <summary>Cancelled when the training has reached the step of the checkpoint.</summary>
    public CancellationToken Reached => _reached.Token;

    /// <summary>The first epoch whose scores differ; null if there is none.</summary>
    public int? Epoch { get; private set; }

    /// <summary>What differs in the scores of <see cref="Epoch"/>: the columns with both values, the training's first.</summary>
    public string? Scores { get; private set; }

    /// <inheritdoc/>
    public void OnStep(StepReport report)
    {
        next.OnStep(report);
        if (report.Step == checkpoint.Step)
        {
            _reached.Cancel();
        }
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        next.OnEpoch(metrics);
        if (Epoch is null && rows.FirstOrDefault(row => row.Epoch == metrics.Epoch) is { } row && Compare(metrics, row) is { } differences)
        {
            (Epoch, Scores) = (metrics.Epoch, differences);
        }
    }

    /// <summary>Finds the tensors that differ from the checkpoint's, in its order; none if they have the same bits.</summary>
    /// <param name="trained">The state of the training at the step of the checkpoint.</param>
    /// <exception cref="TensorFileException">A tensor is missing.</exception>
    public IReadOnlyList<TensorDifference> Tensors(Checkpoint trained)
    {
        ArgumentNullException.ThrowIfNull(trained);
        Dictionary<string, NamedTensor> own = trained.Tensors.ToDictionary(tensor => tensor.Name);
        return
        [
            .. from tensor in checkpoint.Tensors
               let other = own.GetValueOrDefault(tensor.Name) ?? throw new TensorFileException($"the training has no {tensor.Name}.")
               let difference = Compare(tensor, other)
               where difference.Elements > 0
               select difference,
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => _reached.Dispose();

    private static TensorDifference Compare(NamedTensor tensor, NamedTensor other)
    {
        (int elements, double largest) = (0, 0);
        for (int i = 0; i < tensor.Values.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(tensor.Values[i]) != BitConverter.SingleToInt32Bits(other.Values[i]))
            {
                elements++;
                largest = Math.Max(largest, Math.Abs((double)tensor.Values[i] - other.Values[i]));
            }
        }

        return new TensorDifference(tensor.Name, elements, largest);
    }

    private static string? Compare(EpochMetrics trained, EpochMetrics row)
    {
        JsonObject own = JsonSerializer.SerializeToNode(trained, StrictJson.Line)!.AsObject();
        JsonObject recorded = JsonSerializer.SerializeToNode(row, StrictJson.Line)!.AsObject();
        string[] differences =
        [
            .. from key in own.Select(pair => pair.Key).Except(Timings)
               let values = (Own: own[key]?.ToJsonString() ?? "null", Recorded: recorded[key]?.ToJsonString() ?? "null")
               where values.Own != values.Recorded
               select $"{key} {values.Own} instead of {values.Recorded}",
        ];
        return differences.Length == 0 ? null : string.Join(", ", differences);
    }
}
