using System.Runtime.InteropServices;
using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// The loss of <see cref="SomAttnModel"/>: MSE(x, D(v)) + quantized weight · MSE(x, D(v + sg(w - v))) + commitment · mean (v - sg(w))²,
/// with w the codebook vector of v's BMU and sg the stop-gradient operator; or, as <see cref="LossKind.Report"/>, MSE(x, D(w)) alone.
/// </summary>
/// <remarks>
/// v + sg(w - v) has the value of w and the gradient of v (straight-through estimator; Bengio, Léonard and Courville 2013; van den Oord
/// et al. 2017): the forward pass decodes w, and the backward pass adds the gradient w.r.t. D's input there to that of v. The codebook
/// has no gradient.
/// </remarks>
public sealed class SomAttnLoss : TrainingLoss
{
    private readonly SomAttnModel _model;
    private readonly Backend<float> _backend;
    private readonly DeviceView<float> _parts;
    private readonly DeviceView<float> _dImages;
    private readonly DeviceView<float> _dCodes;
    private readonly DeviceView<float> _dCommitment;
    private readonly DeviceView<float> _codesOfBatch;
    private readonly DeviceView<int> _bmuOfBatch;

    /// <summary>Allocates the buffers for the model's largest batch.</summary>
    public SomAttnLoss(SomAttnModel model, DeviceMemory memory)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(memory);
        _model = model;
        _backend = model.Backend;
        _parts = memory.Take<float>(3);
        _dImages = memory.Take<float>(model.MaxDecode * model.Shape.Length);
        _dCodes = memory.Take<float>(model.MaxBatch * model.Settings.Latent);
        _dCommitment = memory.Take<float>(model.MaxBatch * model.Settings.Latent);
        if (model.Settings.Shards > 1)
        {
            _codesOfBatch = memory.Take<float>(model.Settings.BatchSize * model.Settings.Latent);
            _bmuOfBatch = memory.Take<int>(model.Settings.BatchSize);
        }
    }

    /// <inheritdoc/>
    public override int Parts => _parts.Length;

    /// <summary>mse_e (MSE of D(v)), mse_q (MSE of D(w)), and the commitment term mean (v - w)².</summary>
    public override DeviceView<float> OnDevice => _parts;

    /// <summary>Output of the model in the last <see cref="Forward"/>.</summary>
    public Reconstruction Output { get; private set; }

    private bool IsReport => _model.Settings.Loss == LossKind.Report;

    private float QuantizedWeight => IsReport ? 1 : (float)_model.Settings.QuantizedWeight;

    private float Commitment => (float)_model.Settings.Commitment!.Value;

    /// <inheritdoc/>
    public override void Forward(in TrainingBatch batch)
    {
        Output = _model.Reconstruct(batch.Images, batch.Count);
        _backend.MseForward(Output.Images, batch.Images, _parts.Slice(0, 1));
        _backend.MseForward(Output.QuantizedImages, batch.Images, _parts.Slice(1, 1));
        _backend.MseForward(Output.Codes, Output.Quantized, _parts.Slice(2, 1));
    }

    /// <inheritdoc/>
    public override void Backward(in TrainingBatch batch)
    {
        DeviceView<float> images = batch.Images;
        DeviceView<float> dImages = _dImages.First(2 * images.Length);
        DeviceView<float> dDirect = dImages.First(images.Length);
        DeviceView<float> dQuantized = dImages.Slice(images.Length, images.Length);
        _backend.MseBackward(Output.QuantizedImages, images, QuantizedWeight * batch.Share, dQuantized);
        if (IsReport)
        {
            _backend.Fill(0, dDirect);
            _model.BackwardDecoder(dImages, 2 * batch.Count);
            return;
        }

        _backend.MseBackward(Output.Images, images, batch.Share, dDirect);
        DeviceView<float> dPairs = _model.BackwardDecoder(dImages, 2 * batch.Count);

        // Straight-through estimator: the gradients w.r.t. both halves of the decoder's input add up to that of v; w has none.
        int length = Output.Codes.Length;
        DeviceView<float> dCodes = _dCodes.First(length);
        DeviceView<float> dCommitment = _dCommitment.First(length);
        _backend.MseBackward(Output.Codes, Output.Quantized, Commitment * batch.Share, dCommitment);
        _backend.Add(dPairs.First(length), dPairs.Slice(length, length), dCodes);
        _backend.Add(dCodes, dCommitment, dCodes);
        _model.BackwardEncoder(dCodes, batch.Count);
    }

    /// <summary>Updates the codebook; the batch rule uses the BMUs of the forward pass.</summary>
    public override void LearnWithoutGradient(in TrainingBatch batch, DeviceView<float> rates) =>
        Learn(Output.Codes, Output.Winners.Bmu, rates);

    /// <summary>The codes of the images and their BMUs.</summary>
    /// <remarks>
    /// Codes rather than hits and sums of the units: the same update then follows from them for every neighborhood and for the online
    /// rule. At batch 512 they are 68 KB beside the 1 MB of the gradients.
    /// </remarks>
    public override int SavedLength(int count) => count * (_model.Settings.Latent + 1);

    /// <inheritdoc/>
    public override void Save(Span<float> saved)
    {
        int codes = Output.Codes.Length;
        Output.Codes.CopyTo(saved[..codes]);
        Output.Winners.Bmu.CopyTo(MemoryMarshal.Cast<float, int>(saved[codes..]));
    }

    /// <inheritdoc/>
    public override void Place(ReadOnlySpan<float> saved, int first, int count)
    {
        int latent = _model.Settings.Latent;
        _codesOfBatch.Slice(first * latent, count * latent).CopyFrom(saved[..(count * latent)]);
        _bmuOfBatch.Slice(first, count).CopyFrom(MemoryMarshal.Cast<float, int>(saved[(count * latent)..]));
    }

    /// <inheritdoc/>
    public override void LearnWithoutGradient(int count, DeviceView<float> rates) =>
        Learn(_codesOfBatch.First(count * _model.Settings.Latent), _bmuOfBatch.First(count), rates);

    /// <inheritdoc/>
    public override Losses Combine(ReadOnlySpan<float> parts)
    {
        (float mseE, float mseQ, float distance) = (parts[0], parts[1], parts[2]);
        float total = IsReport ? mseQ : mseE + (QuantizedWeight * mseQ) + (Commitment * distance);
        return new Losses(total, mseE, mseQ);
    }

    private void Learn(DeviceView<float> codes, DeviceView<int> bmu, DeviceView<float> rates)
    {
        if (_model.Settings.SomUpdate == SomUpdateKind.Online)
        {
            _model.Map.UpdateOnline(codes, bmu.Length, rates);
        }
        else
        {
            _model.Map.UpdateBatch(codes, bmu, rates);
        }
    }
}
