using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Training;

/// <summary>Learning-rate and neighborhood schedules over t = step / total steps in [0, 1), steps counted from 0.</summary>
public sealed class Schedule(TrainingSettings settings, long totalSteps)
{
    /// <summary>Share of the steps over which the neighborhood width decays; then it is constant.</summary>
    private const double SigmaShare = 0.8;

    /// <summary>Computes Adam's learning rate: cosine annealing from the first to the final rate.</summary>
    public double LearningRate(long step)
    {
        double swing = 0.5 * (settings.LearningRate - settings.FinalLearningRate);
        return settings.FinalLearningRate + (swing * (1 + Math.Cos(Math.PI * Progress(step))));
    }

    /// <summary>Computes the map's learning rate η: exponential decay from start to end.</summary>
    public double Eta(long step) => Exponential(settings.EtaStart, settings.EtaEnd, Progress(step));

    /// <summary>
    /// Computes the neighborhood width σ of the map, in grid cells: exponential decay from start to end over the first 80 % of the steps.
    /// </summary>
    public double Sigma(long step) => Exponential(settings.SigmaStart, settings.SigmaEnd, Math.Min(1, Progress(step) / SigmaShare));

    private static double Exponential(double start, double end, double t) => start * Math.Pow(end / start, t);

    private double Progress(long step) => (double)step / totalSteps;
}
