using GenSomAttn.Backends;
using GenSomAttn.Engine;

namespace GenSomAttn.Model.Networks;

/// <summary>The loss of <see cref="AutoencoderModel"/>: MSE(x, D(v)).</summary>
public sealed class AutoencoderLoss : TrainingLoss
{
    private readonly AutoencoderModel _model;
    private readonly DeviceView<float> _mse;
    private readonly DeviceView<float> _dImages;
    private DeviceView<float> _made;

    /// <summary>Allocates the buffers for the model's largest batch.</summary>
    public AutoencoderLoss(AutoencoderModel model, DeviceMemory memory)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(memory);
        _model = model;
        _mse = memory.Take<float>(1);
        _dImages = memory.Take<float>(model.MaxBatch * model.Shape.Length);
    }

    /// <inheritdoc/>
    public override int Parts => 1;

    /// <inheritdoc/>
    public override DeviceView<float> OnDevice => _mse;

    /// <inheritdoc/>
    public override void Forward(in TrainingBatch batch)
    {
        _made = _model.Decode(_model.Encode(batch.Images, batch.Count), batch.Count);
        _model.Backend.MseForward(_made, batch.Images, _mse);
    }

    /// <inheritdoc/>
    public override void Backward(in TrainingBatch batch)
    {
        DeviceView<float> dImages = _dImages.First(_made.Length);
        _model.Backend.MseBackward(_made, batch.Images, batch.Share, dImages);
        _model.BackwardEncoder(_model.BackwardDecoder(dImages, batch.Count), batch.Count);
    }

    /// <inheritdoc/>
    public override Losses Combine(ReadOnlySpan<float> parts) => new(parts[0], parts[0]);
}
