using GenSomAttn.Formats;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Tests.Runs;

/// <summary>A checkpoint of few bytes.</summary>
internal static class TinyCheckpoint
{
    public static Checkpoint Make(long step = 20, float value = 0.1f) => new()
    {
        Settings = new TrainingSettings
        {
            Commitment = TrainingSettings.GrayCommitment,
            MapHeight = 3,
            MapWidth = 2,
            MapOptions = null,
            QuantizedWeight = 0.02,
            Limit = 64,
            LearningRate = 1e-3,
            Seed = ulong.MaxValue,
            Channels = 1,
            Stages = 2,
        },
        Shape = new(28, 1),
        Classes = 10,
        Step = step,
        Epoch = 2,
        LossSum = 0.1 + 0.2,
        DatasetSha256 = new string('a', 64),
        Tensors =
        [
            new NamedTensor("som.codebook", [6, 2], [.. Enumerable.Range(0, 12).Select(index => value * index)]),
            new NamedTensor("encoder.conv1.bias", [1], [-0f]),
        ],
    };
}
