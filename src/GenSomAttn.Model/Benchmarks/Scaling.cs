using System.Diagnostics;
using System.Numerics;
using GenSomAttn.Backends;
using GenSomAttn.Engine.Collectives;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>A network between ranks.</summary>
/// <param name="Name">Its name.</param>
/// <param name="GigabitsPerSecond">Bandwidth of a rank in each direction.</param>
/// <param name="LatencyMicroseconds">Time of a message without content.</param>
public sealed record ScalingNetwork(string Name, double GigabitsPerSecond, double LatencyMicroseconds);

/// <summary>Expected speed on a number of ranks.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Ranks">Number of ranks, each with a shard.</param>
/// <param name="StepMilliseconds">Time of a step.</param>
/// <param name="ImagesPerSecond">Images per second of all ranks together.</param>
/// <param name="Efficiency">That, divided by the ranks and by the speed of one.</param>
public sealed record ScalingPoint(string Network, int Ranks, double StepMilliseconds, double ImagesPerSecond, double Efficiency);

/// <summary>A simulation of a training over ranks: what was measured, and the speed that follows.</summary>
/// <param name="Threads">Threads of a rank.</param>
/// <param name="ShardImages">Images of a shard.</param>
/// <param name="ShardMilliseconds">Measured time of a shard.</param>
/// <param name="UpdateMilliseconds">Measured time of a step beside its shards, on every rank.</param>
/// <param name="SumMilliseconds">Measured time of the sum of the gradients of two threads: additions and copies.</param>
/// <param name="GradientBytes">Bytes of the gradients.</param>
/// <param name="SlotBytes">Bytes of the losses, codes and BMUs of a shard, which every rank gets.</param>
/// <param name="Points">Expected speeds, by network and ranks.</param>
public sealed record ScalingResult(
    int Threads, int ShardImages, double ShardMilliseconds, double UpdateMilliseconds, double SumMilliseconds, long GradientBytes,
    long SlotBytes, IReadOnlyList<ScalingPoint> Points);

/// <summary>
/// Simulation of a training over 1 to 1,024 ranks on three networks, each rank with one shard, from the measured times of a step and of a
/// sum: step = shard + update + sum + 2 log₂ P · latency + 2 (P-1)/P · bytes / bandwidth.
/// </summary>
public static class Scaling
{
    /// <summary>Ranks of the largest group.</summary>
    public const int MaxRanks = 1024;

    private const int Shards = 8;
    private const int WarmUp = 2;
    private const int Steps = 20;
    private const int Sums = 50;

    /// <summary>
    /// Networks of 1, 10 and 100 Gbit/s with typical latencies of MPI: TCP over the first two, remote memory access (RDMA) over the last.
    /// </summary>
    public static readonly IReadOnlyList<ScalingNetwork> Networks =
        [new("1 Gbit/s", 1, 50), new("10 Gbit/s", 10, 20), new("100 Gbit/s", 100, 2)];

    /// <summary>Measures a step and a sum, and computes the speeds.</summary>
    /// <param name="backend">Backend of a rank.</param>
    /// <param name="threads">Its threads.</param>
    /// <param name="settings">The model; a shard has its batch.</param>
    /// <param name="progress">Called with the name of each part before it runs.</param>
    public static ScalingResult Run(Backend<float> backend, int threads, TrainingSettings settings, Action<string> progress)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(progress);
        TrainingSettings one = settings with { Shards = 1 };
        TrainingSettings eight = settings with { Shards = Shards, BatchSize = Shards * settings.BatchSize };
        var shape = new ImageShape(settings.ImageSize ?? 28, settings.Channels ?? ImageShape.Gray);
        Dataset images = SyntheticImages.Create(2 * eight.BatchSize, shape);
        progress("step of one shard");
        double single = StepSampler.Run(backend, one, images, WarmUp, Steps).MedianMicroseconds / 1e3;
        progress($"step of {Shards} shards");
        double several = StepSampler.Run(backend, eight, images, WarmUp, Steps).MedianMicroseconds / 1e3;
        double shard = (several - single) / (Shards - 1);
        using ImageModel model = ImageModel.Create(backend, one, shape, images.ClassNames.Count);
        using var memory = new Engine.DeviceMemory(backend);
        TrainingLoss loss = model.CreateLoss(memory);
        int gradients = model.Parameters.Gradients.Length;
        int slot = loss.Parts + loss.SavedLength(settings.BatchSize) + 1;
        progress("sum of two threads");
        double sum = MeasureSum(gradients, slot);
        var measured = new ScalingResult(
            threads, settings.BatchSize, shard, Math.Max(0, single - shard), sum, sizeof(float) * (long)gradients,
            sizeof(float) * (long)slot, []);
        return measured with { Points = [.. Networks.SelectMany(network => Simulate(measured, network))] };
    }

    /// <summary>Computes the speeds on one network.</summary>
    public static IEnumerable<ScalingPoint> Simulate(ScalingResult measured, ScalingNetwork network)
    {
        ArgumentNullException.ThrowIfNull(measured);
        ArgumentNullException.ThrowIfNull(network);
        double alone = measured.ShardMilliseconds + measured.UpdateMilliseconds;
        for (int ranks = 1; ranks <= MaxRanks; ranks *= 2)
        {
            double step = alone + (ranks == 1 ? 0 : measured.SumMilliseconds + MessageMilliseconds(measured, network, ranks));
            double speed = ranks * measured.ShardImages / step * 1e3;
            yield return new ScalingPoint(network.Name, ranks, step, speed, alone / step);
        }
    }

    /// <summary>Computes the time of the messages of a step: 2 log₂ P of them, with 2 (P-1)/P of all bytes.</summary>
    private static double MessageMilliseconds(ScalingResult measured, ScalingNetwork network, int ranks)
    {
        double bytes = measured.GradientBytes + ((double)ranks * measured.SlotBytes);
        double messages = 2 * BitOperations.Log2((uint)ranks);
        double bytesPerMillisecond = network.GigabitsPerSecond * 1e9 / 8 / 1e3;
        return (messages * network.LatencyMicroseconds / 1e3) + (2 * (ranks - 1.0) / ranks * bytes / bytesPerMillisecond);
    }

    /// <summary>Measures the median time of a sum between two threads, in milliseconds.</summary>
    private static double MeasureSum(int length, int slot)
    {
        double[] times = new double[Sums];
        InProcessRanks.Run(2, ranks =>
        {
            float[] values = new float[length];
            float[] slots = new float[2 * slot];
            var sum = new TreeSum(ranks, length, slot);
            for (int i = 0; i < Sums; i++)
            {
                long began = Stopwatch.GetTimestamp();
                sum.Run(values, slots);
                if (ranks.Rank == 0)
                {
                    times[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                }
            }
        });
        Array.Sort(times);
        return times[Sums / 2];
    }
}
