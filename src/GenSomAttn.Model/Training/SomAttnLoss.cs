using GenSomAttn.Backends;
using GenSomAttn.Engine;

namespace GenSomAttn.Model.Training;

/// <summary>
/// The loss of <see cref="SomAttnModel"/>: MSE(x, D(v)) + MSE(x, D(v + sg(w - v))) + commitment · mean (v - sg(w))², with w the
/// codebook vector of v's winner and sg the stop of the gradient; or, as <see cref="LossKind.Report"/>, MSE(x, D(w)) alone.
/// </summary>
/// <remarks>
/// v + sg(w - v) has the value of w and the gradient of v (straight-through; Bengio, Léonard and Courville 2013; van den Oord et
/// al. 2017), so that forward decodes w, and backward adds the gradient of D's input there to that of v. The codebook has none.
/// </remarks>
public sealed class SomAttnLoss
{
    /// <summary>Numbers that a forward pass leaves on the device: MSE of D(v), of D(w), and mean (v - w)².</summary>
    public const int Parts = 3;

    private readonly SomAttnModel _model;
    private readonly IBackend _backend;
    private readonly DeviceView<float> _parts;
    private readonly DeviceView<float> _dImages;
    private readonly DeviceView<float> _dCodes;
    private readonly DeviceView<float> _dCommitment;

    /// <summary>Plans the buffers for the model's largest batch.</summary>
    public SomAttnLoss(SomAttnModel model, DeviceMemory memory)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(memory);
        _model = model;
        _backend = model.Backend;
        _parts = memory.Take<float>(Parts);
        _dImages = memory.Take<float>(model.MaxDecode * model.PixelsPerImage);
        _dCodes = memory.Take<float>(model.MaxBatch * model.Settings.Latent);
        _dCommitment = memory.Take<float>(model.MaxBatch * model.Settings.Latent);
    }

    /// <summary>The parts of the last <see cref="Forward"/>, (<see cref="Parts"/>).</summary>
    public DeviceView<float> OnDevice => _parts;

    private bool IsReport => _model.Settings.Loss == LossKind.Report;

    private float Commitment => (float)_model.Settings.Commitment;

    /// <summary>Computes the parts of the loss; they lie in <see cref="OnDevice"/>.</summary>
    /// <param name="images">x, (N, S·S).</param>
    /// <param name="made">What the model made of them.</param>
    public void Forward(DeviceView<float> images, Reconstruction made)
    {
        _backend.MseForward(made.Images, images, _parts.Slice(0, 1));
        _backend.MseForward(made.QuantizedImages, images, _parts.Slice(1, 1));
        _backend.MseForward(made.Codes, made.Quantized, _parts.Slice(2, 1));
    }

    /// <summary>Adds to the gradients of all parameters.</summary>
    /// <param name="images">x, (N, S·S).</param>
    /// <param name="made">What the model made of them in its last forward pass.</param>
    /// <param name="batch">N.</param>
    public void Backward(DeviceView<float> images, Reconstruction made, int batch)
    {
        DeviceView<float> dImages = _dImages.First(2 * images.Length);
        DeviceView<float> dDirect = dImages.First(images.Length);
        DeviceView<float> dQuantized = dImages.Slice(images.Length, images.Length);
        _backend.MseBackward(made.QuantizedImages, images, 1, dQuantized);
        if (IsReport)
        {
            _backend.Fill(0, dDirect);
            _model.BackwardDecoder(dImages, 2 * batch);
            return;
        }

        _backend.MseBackward(made.Images, images, 1, dDirect);
        DeviceView<float> dPairs = _model.BackwardDecoder(dImages, 2 * batch);

        // Both halves of the decoder's input have the gradient of v; the codebook vectors in the second half are constants.
        int length = made.Codes.Length;
        DeviceView<float> dCodes = _dCodes.First(length);
        DeviceView<float> dCommitment = _dCommitment.First(length);
        _backend.MseBackward(made.Codes, made.Quantized, Commitment, dCommitment);
        _backend.Add(dPairs.First(length), dPairs.Slice(length, length), dCodes);
        _backend.Add(dCodes, dCommitment, dCodes);
        _model.BackwardEncoder(dCodes, batch);
    }

    /// <summary>The losses that their parts make.</summary>
    /// <param name="parts">(<see cref="Parts"/>), read from the device.</param>
    public Losses Combine(ReadOnlySpan<float> parts)
    {
        (float mseE, float mseQ, float distance) = (parts[0], parts[1], parts[2]);
        float total = IsReport ? mseQ : mseE + mseQ + (Commitment * distance);
        return new Losses(total, mseE, mseQ);
    }
}
