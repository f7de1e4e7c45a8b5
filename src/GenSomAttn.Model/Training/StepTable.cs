using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Optimizers;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Training;

/// <summary>
/// What changes from step to step: the rates of all steps of an epoch, and the losses that come of them. Both lie on the device, so that
/// nothing crosses to or from the host within a step; and what a step computes with lies at the same place in every step, so that
/// all of a step but its beginning and its end is the same sequence of operations on the same buffers.
/// </summary>
internal sealed class StepTable
{
    /// <summary>Adam's two rates, then the map's: η and σ.</summary>
    private const int Rates = 4;

    private readonly IBackend _backend;
    private readonly Schedule _schedule;
    private readonly int _parts;
    private readonly float[] _ratesOnHost;
    private readonly float[] _lossesOnHost;
    private readonly DeviceView<float> _rates;
    private readonly DeviceView<float> _current;
    private readonly DeviceView<int> _indices;
    private readonly DeviceView<float> _losses;

    /// <summary>Plans the table.</summary>
    /// <param name="backend">Who computes.</param>
    /// <param name="memory">Where it takes its buffers.</param>
    /// <param name="schedule">The rates by step.</param>
    /// <param name="steps">Steps of an epoch.</param>
    /// <param name="parts">Numbers that make the losses of a step.</param>
    public StepTable(IBackend backend, DeviceMemory memory, Schedule schedule, int steps, int parts)
    {
        _parts = parts;
        _backend = backend;
        _schedule = schedule;
        _ratesOnHost = new float[steps * Rates];
        _lossesOnHost = new float[steps * _parts];
        _rates = memory.Take<float>(_ratesOnHost.Length);
        _current = memory.Take<float>(Rates);
        _losses = memory.Take<float>(_lossesOnHost.Length);
        _indices = memory.Take<int>(steps);
        _indices.CopyFrom([.. Enumerable.Range(0, steps)]);
    }

    /// <summary>What Adam needs in the current step.</summary>
    public DeviceView<float> AdamRates => _current.Slice(0, 2);

    /// <summary>What the map's update needs in the current step.</summary>
    public DeviceView<float> MapRates => _current.Slice(2, 2);

    /// <summary>Brings the rates of an epoch to the device.</summary>
    /// <param name="firstStep">Its first step, counted from 0 over the whole training.</param>
    public void BeginEpoch(long firstStep)
    {
        for (int i = 0; i < _indices.Length; i++)
        {
            long step = firstStep + i;
            (float stepSize, float secondScale) = Adam.Rates(_schedule.LearningRate(step), step + 1);
            Span<float> row = _ratesOnHost.AsSpan(i * Rates, Rates);
            (row[0], row[1], row[2], row[3]) = (stepSize, secondScale, (float)_schedule.Eta(step), (float)_schedule.Sigma(step));
        }

        _rates.CopyFrom(_ratesOnHost);
    }

    /// <summary>Makes the rates of a step the current ones.</summary>
    /// <param name="step">Step of the epoch, from 0.</param>
    public void BeginStep(int step) => _backend.GatherRows(_rates, _indices.Slice(step, 1), new RowsShape(1, Rates), _current);

    /// <summary>Keeps the losses of a step until they are read.</summary>
    /// <param name="step">Step of the epoch, from 0.</param>
    /// <param name="parts">(parts).</param>
    public void EndStep(int step, DeviceView<float> parts) => _backend.GatherRows(
        parts, _indices.Slice(0, 1), new RowsShape(1, _parts), _losses.Slice(step * _parts, _parts));

    /// <summary>The losses of some steps, (count, parts). Waits for the device.</summary>
    /// <param name="firstStep">Step of the epoch, from 0.</param>
    /// <param name="count">Steps.</param>
    public ReadOnlySpan<float> ReadLosses(int firstStep, int count)
    {
        Span<float> losses = _lossesOnHost.AsSpan(0, count * _parts);
        _losses.Slice(firstStep * _parts, losses.Length).CopyTo(losses);
        return losses;
    }
}
