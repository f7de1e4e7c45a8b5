using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Networks;

/// <summary>The loss of <see cref="ClassifierModel"/>: the cross-entropy of the softmax of its logits with the labels.</summary>
public sealed class ClassifierLoss : TrainingLoss
{
    private readonly ClassifierModel _model;
    private readonly DeviceView<float> _loss;
    private readonly DeviceView<float> _dScores;
    private DeviceView<float> _scores;

    /// <summary>Allocates the buffers for the model's largest batch.</summary>
    public ClassifierLoss(ClassifierModel model, DeviceMemory memory)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(memory);
        _model = model;
        _loss = memory.Take<float>(1);
        _dScores = memory.Take<float>(model.MaxBatch * model.Classes);
    }

    /// <inheritdoc/>
    public override int Parts => 1;

    /// <inheritdoc/>
    public override DeviceView<float> OnDevice => _loss;

    /// <summary>False: the labels of each batch have another device address.</summary>
    public override bool CanBeCaptured => false;

    /// <inheritdoc/>
    public override void Forward(in TrainingBatch batch)
    {
        _scores = _model.Score(_model.Encode(batch.Images, batch.Count), batch.Count);
        _model.Backend.SoftmaxCrossEntropyForward(_scores, batch.Labels, Rows(batch), _loss);
    }

    /// <inheritdoc/>
    public override void Backward(in TrainingBatch batch)
    {
        DeviceView<float> dScores = _dScores.First(_scores.Length);
        _model.Backend.SoftmaxCrossEntropyBackward(_scores, batch.Labels, Rows(batch), batch.Share, dScores);
        _model.Backward(dScores, batch.Count);
    }

    /// <inheritdoc/>
    public override Losses Combine(ReadOnlySpan<float> parts) => new(parts[0]);

    private RowsShape Rows(in TrainingBatch batch) => new(batch.Count, _model.Classes);
}
