using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Collectives;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Training;

/// <summary>The state of a training on several ranks, which is the same on each.</summary>
internal static class RankState
{
    /// <summary>Checks that ranks can share the shards of a batch.</summary>
    /// <exception cref="SettingException">Their number does not divide that of the shards.</exception>
    public static void Check(TrainingSettings settings, int ranks)
    {
        if (settings.Shards % ranks != 0)
        {
            SettingName shards = new(nameof(TrainingSettings.Shards));
            throw new SettingException(
                $"{ranks} ranks cannot share {shards} {settings.Shards}: give {shards} {ranks} or more, a power of two, or start fewer.");
        }
    }

    /// <summary>Copies the state of rank 0 to all others.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="model">The model, whose parameters, moments and codebook are overwritten.</param>
    /// <param name="step">Completed steps of this rank.</param>
    /// <param name="lossSum">Sum of the loss of this rank.</param>
    /// <returns>Steps and sum of rank 0.</returns>
    public static (long Step, double LossSum) CopyFromFirst(ICommunicator ranks, ImageModel model, long step, double lossSum)
    {
        if (ranks.Size == 1)
        {
            return (step, lossSum);
        }

        ParameterSet parameters = model.Parameters;
        DeviceView<float>[] views = [parameters.Values, parameters.FirstMoments, parameters.SecondMoments];
        foreach (DeviceView<float> view in model.Map is { } map ? [.. views, map.Codebook] : views)
        {
            float[] values = view.ToArray();
            ranks.Broadcast(values);
            view.CopyFrom(values);
        }

        byte[] counters = [.. BitConverter.GetBytes(step), .. BitConverter.GetBytes(lossSum)];
        byte[] first = ranks.AllGather(counters)[..counters.Length];
        return (BitConverter.ToInt64(first), BitConverter.ToDouble(first, sizeof(long)));
    }
}
