using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Optimizers;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Training;

/// <summary>
/// Device tables of the values that change per step: the rates of all steps of an epoch, and their losses. With them no step copies
/// between host and device, and every step reads its rates from the same buffer, so that forward pass, backward pass and updates can be
/// captured as a CUDA graph and replayed.
/// </summary>
internal sealed class StepTable
{
    /// <summary>Columns of a row of rates: Adam's step size and second scale, then the map's η and neighborhood width σ.</summary>
    private const int Rates = 4;

    private readonly Backend<float> _backend;
    private readonly Schedule _schedule;
    private readonly int _parts;
    private readonly float[] _ratesOnHost;
    private readonly float[] _lossesOnHost;
    private readonly DeviceView<float> _rates;
    private readonly DeviceView<float> _current;
    private readonly DeviceView<int> _indices;
    private readonly DeviceView<float> _losses;

    /// <summary>Allocates the tables.</summary>
    /// <param name="backend">Backend that runs the operations.</param>
    /// <param name="memory">Owner of the buffers.</param>
    /// <param name="schedule">Schedule of the rates.</param>
    /// <param name="steps">Steps of an epoch.</param>
    /// <param name="parts">Number of loss parts of a step.</param>
    public StepTable(Backend<float> backend, DeviceMemory memory, Schedule schedule, int steps, int parts)
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

    /// <summary>Adam's rates in the current step, (2).</summary>
    public DeviceView<float> AdamRates => _current.Slice(0, 2);

    /// <summary>The map's η and neighborhood width σ in the current step, (2).</summary>
    public DeviceView<float> MapRates => _current.Slice(2, 2);

    /// <summary>Copies the rates of an epoch to the device.</summary>
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

    /// <summary>Copies the rates of a step to the current ones, on the device.</summary>
    /// <param name="step">Step of the epoch, from 0.</param>
    public void BeginStep(int step) => _backend.GatherRows(_rates, _indices.Slice(step, 1), new RowsShape(1, Rates), _current);

    /// <summary>Stores the loss parts of a step on the device until they are read.</summary>
    /// <param name="step">Step of the epoch, from 0.</param>
    /// <param name="parts">(parts).</param>
    public void EndStep(int step, DeviceView<float> parts) => _backend.GatherRows(
        parts, _indices.Slice(0, 1), new RowsShape(1, _parts), _losses.Slice(step * _parts, _parts));

    /// <summary>Copies the loss parts of consecutive steps to the host, (count, parts). Synchronizes with the device.</summary>
    /// <param name="firstStep">Step of the epoch, from 0.</param>
    /// <param name="count">Number of steps.</param>
    public ReadOnlySpan<float> ReadLosses(int firstStep, int count)
    {
        Span<float> losses = _lossesOnHost.AsSpan(0, count * _parts);
        _losses.Slice(firstStep * _parts, losses.Length).CopyTo(losses);
        return losses;
    }
}
