using System.Numerics;
using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Collectives;
using GenSomAttn.Engine.Optimizers;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Networks;

namespace GenSomAttn.Model.Training;

/// <summary>
/// A training step whose batch is cut into shards by image index. The gradient of each shard is computed alone, and their sum is a binary
/// tree over the shards in their order. Each rank owns neighboring shards, a subtree, so that any number of ranks computes the same bits;
/// every rank then takes the same Adam step and the same map update.
/// </summary>
internal sealed class ShardedStep : IDisposable
{
    private readonly Backend<float> _backend;
    private readonly TrainingLoss _loss;
    private readonly Adam _adam;
    private readonly ShuffledImages _images;
    private readonly DeviceView<float> _gradients;
    private readonly int _batchSize;
    private readonly int _shards;
    private readonly int _own;
    private readonly int _firstOwn;

    /// <summary>Sums of 1, 2, 4, ... shards that wait for their right operand.</summary>
    private readonly DeviceView<float>[] _waiting;
    private readonly DeviceView<int> _firstRow;
    private readonly int _slotLength;
    private readonly float[] _slots;
    private readonly float[] _gradientsOnHost;
    private readonly TreeSum? _sum;
    private readonly float[] _averages;
    private readonly CapturedStep? _captured;
    private TrainingBatch _shard;

    /// <summary>Allocates the buffers of the sums.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="adam">Its optimizer.</param>
    /// <param name="images">The training images.</param>
    /// <param name="memory">Owner of the buffers.</param>
    /// <param name="ranks">The ranks; their number divides that of the shards.</param>
    public ShardedStep(
        ImageModel model, TrainingLoss loss, Adam adam, ShuffledImages images, DeviceMemory memory, ICommunicator ranks)
    {
        _backend = model.Backend;
        (_loss, _adam, _images) = (loss, adam, images);
        (_batchSize, _shards) = (model.Settings.BatchSize, model.Settings.Shards);
        _gradients = model.Parameters.Gradients;
        _own = _shards / ranks.Size;
        _firstOwn = ranks.Rank * _own;
        _waiting = [.. Enumerable.Range(0, BitOperations.Log2((uint)_own)).Select(_ => memory.Take<float>(_gradients.Length))];
        _firstRow = memory.Take<int>(1);
        _slotLength = loss.Parts + loss.SavedLength(model.MaxBatch);
        _slots = new float[checked(ranks.Size * RankSlotLength)];
        _averages = new float[loss.Parts];
        Losses = memory.Take<float>(loss.Parts);
        bool isAlone = ranks.Size == 1;
        _gradientsOnHost = new float[isAlone ? 0 : _gradients.Length];
        _sum = isAlone ? null : new TreeSum(ranks, _gradients.Length, RankSlotLength);
        _captured = loss.CanBeCaptured ? _backend.CaptureStep(ComputeShard) : null;
    }

    /// <summary>Loss parts of the last step, averages over its images.</summary>
    public DeviceView<float> Losses { get; }

    /// <summary>The values of a rank's shards, and whether it is asked to stop.</summary>
    private int RankSlotLength => (_own * _slotLength) + 1;

    /// <summary>Takes a step.</summary>
    /// <param name="batch">Index of the batch in the epoch.</param>
    /// <param name="step">Number of completed steps.</param>
    /// <param name="table">The rates of the step.</param>
    /// <param name="stop">Whether this rank is asked to stop.</param>
    /// <returns>Whether any rank is asked to stop, the same on all of them.</returns>
    public bool Run(int batch, long step, StepTable table, bool stop)
    {
        for (int i = 0; i < _own; i++)
        {
            Compute(batch, _firstOwn + i, step);
            Accumulate(i);
        }

        StopFlag(_firstOwn / _own) = stop ? 1 : 0;
        if (_sum is not null)
        {
            _gradients.CopyTo(_gradientsOnHost);
            _sum.Run(_gradientsOnHost, _slots);
            _gradients.CopyFrom(_gradientsOnHost);
        }

        _adam.Apply(table.AdamRates);
        Place(batch);
        _loss.LearnWithoutGradient(_images.CountOf(batch), table.MapRates);
        return IsAnyAskedToStop();
    }

    /// <inheritdoc/>
    public void Dispose() => _captured?.Dispose();

    /// <summary>Computes the gradients of a shard, and keeps what the other ranks need of it.</summary>
    private void Compute(int batch, int shard, long step)
    {
        int count = _images.CountBefore(batch, shard + 1) - _images.CountBefore(batch, shard);
        if (count == 0)
        {
            _adam.ZeroGradients();
            return;
        }

        _shard = _images.Gather(batch, shard, step);
        _loss.Begin(_shard);
        if (_captured is not null && _images.CountOf(batch) == _batchSize && _batchSize % _shards == 0)
        {
            _captured.Run();
        }
        else
        {
            ComputeShard();
        }

        Span<float> slot = Slot(shard);
        _loss.OnDevice.CopyTo(slot[.._loss.Parts]);
        _loss.Save(slot.Slice(_loss.Parts, _loss.SavedLength(count)));
    }

    private void ComputeShard()
    {
        _loss.Forward(_shard);
        _adam.ZeroGradients();
        _loss.Backward(_shard);
    }

    /// <summary>Adds the gradients to the sums that wait for them: after shard 5 (binary 101) to that of shard 4.</summary>
    private void Accumulate(int shard)
    {
        int level = 0;
        for (; ((shard >> level) & 1) == 1; level++)
        {
            _backend.Add(_waiting[level], _gradients, _gradients);
        }

        if (shard + 1 < _own)
        {
            _backend.GatherRows(_gradients, _firstRow, new RowsShape(1, _gradients.Length), _waiting[level]);
        }
    }

    /// <summary>Averages the losses of all shards, and places the other values in the whole batch.</summary>
    private void Place(int batch)
    {
        int images = _images.CountOf(batch);
        for (int part = 0; part < _averages.Length; part++)
        {
            double sum = 0;
            for (int shard = 0; shard < _shards; shard++)
            {
                int count = _images.CountBefore(batch, shard + 1) - _images.CountBefore(batch, shard);
                sum += count > 0 ? (double)count * Slot(shard)[part] : 0;
            }

            _averages[part] = (float)(sum / images);
        }

        Losses.CopyFrom(_averages);
        for (int shard = 0; shard < _shards; shard++)
        {
            int first = _images.CountBefore(batch, shard);
            int count = _images.CountBefore(batch, shard + 1) - first;
            if (count > 0)
            {
                _loss.Place(Slot(shard).Slice(_loss.Parts, _loss.SavedLength(count)), first, count);
            }
        }
    }

    private bool IsAnyAskedToStop()
    {
        bool any = false;
        for (int rank = 0; rank < _shards / _own; rank++)
        {
            any |= StopFlag(rank) != 0;
        }

        return any;
    }

    private ref float StopFlag(int rank) => ref _slots[((rank + 1) * RankSlotLength) - 1];

    private Span<float> Slot(int shard) =>
        _slots.AsSpan((shard / _own * RankSlotLength) + (shard % _own * _slotLength), _slotLength);
}
