using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

/// <summary>
/// Convolution and transposed convolution. The gradient of a bias is <see cref="IElementwiseOps.BiasBackward"/> over
/// (N·OH·OW, OC).
/// </summary>
public interface IConvOps
{
    /// <summary>Two-dimensional convolution. Overwrites <paramref name="output"/>.</summary>
    /// <param name="input">(N, IH, IW, IC).</param>
    /// <param name="weight">(KH, KW, IC, OC).</param>
    /// <param name="bias">(OC).</param>
    /// <param name="shape">Sizes; OH and OW follow from it.</param>
    /// <param name="output">(N, OH, OW, OC).</param>
    /// <exception cref="ArgumentException">A length differs from its shape.</exception>
    /// <remarks>
    /// output[n,oh,ow,oc] = bias[oc] + Σ over kh,kw,ic of input[n, oh·stride+kh-padding, ow·stride+kw-padding, ic] ·
    /// weight[kh,kw,ic,oc], terms outside the input left out. Source: PyTorch nn.Conv2d.
    /// </remarks>
    void Conv2dForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, Conv2dShape shape, DeviceView<float> output);

    /// <summary>Gradient of <see cref="Conv2dForward"/> with respect to its input. Overwrites <paramref name="dInput"/>.</summary>
    /// <param name="dOutput">Gradient of the loss w.r.t. the output, (N, OH, OW, OC).</param>
    /// <param name="weight">(KH, KW, IC, OC).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="dInput">(N, IH, IW, IC).</param>
    /// <remarks>dInput[n, oh·stride+kh-padding, ow·stride+kw-padding, ic] sums dOutput[n,oh,ow,oc] · weight[kh,kw,ic,oc].</remarks>
    void Conv2dBackwardInput(DeviceView<float> dOutput, DeviceView<float> weight, Conv2dShape shape, DeviceView<float> dInput);

    /// <summary>Gradient of <see cref="Conv2dForward"/> with respect to its weight. Adds to <paramref name="dWeight"/>.</summary>
    /// <param name="dOutput">Gradient of the loss w.r.t. the output, (N, OH, OW, OC).</param>
    /// <param name="input">The input given to forward, (N, IH, IW, IC).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="dWeight">(KH, KW, IC, OC), added to.</param>
    /// <remarks>dWeight[kh,kw,ic,oc] += Σ over n,oh,ow of input[n, oh·stride+kh-padding, ow·stride+kw-padding, ic] · dOutput[n,oh,ow,oc].</remarks>
    void Conv2dBackwardWeight(DeviceView<float> dOutput, DeviceView<float> input, Conv2dShape shape, DeviceView<float> dWeight);

    /// <summary>Two-dimensional transposed convolution. Overwrites <paramref name="output"/>.</summary>
    /// <param name="input">(N, IH, IW, IC).</param>
    /// <param name="weight">(IC, KH, KW, OC).</param>
    /// <param name="bias">(OC).</param>
    /// <param name="shape">Sizes; OH and OW follow from it.</param>
    /// <param name="output">(N, OH, OW, OC).</param>
    /// <exception cref="ArgumentException">A length differs from its shape.</exception>
    /// <remarks>
    /// output[n, ih·stride+kh-padding, iw·stride+kw-padding, oc] = bias[oc] + the sum of all input[n,ih,iw,ic] ·
    /// weight[ic,kh,kw,oc] that fall there. Source: PyTorch nn.ConvTranspose2d.
    /// </remarks>
    void ConvTranspose2dForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, ConvTranspose2dShape shape, DeviceView<float> output);

    /// <summary>Gradient of <see cref="ConvTranspose2dForward"/> with respect to its input. Overwrites <paramref name="dInput"/>.</summary>
    /// <param name="dOutput">Gradient of the loss w.r.t. the output, (N, OH, OW, OC).</param>
    /// <param name="weight">(IC, KH, KW, OC).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="dInput">(N, IH, IW, IC).</param>
    /// <remarks>dInput[n,ih,iw,ic] = Σ over kh,kw,oc of dOutput[n, ih·stride+kh-padding, iw·stride+kw-padding, oc] · weight[ic,kh,kw,oc].</remarks>
    void ConvTranspose2dBackwardInput(
        DeviceView<float> dOutput, DeviceView<float> weight, ConvTranspose2dShape shape, DeviceView<float> dInput);

    /// <summary>Gradient of <see cref="ConvTranspose2dForward"/> with respect to its weight. Adds to <paramref name="dWeight"/>.</summary>
    /// <param name="dOutput">Gradient of the loss w.r.t. the output, (N, OH, OW, OC).</param>
    /// <param name="input">The input given to forward, (N, IH, IW, IC).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="dWeight">(IC, KH, KW, OC), added to.</param>
    /// <remarks>dWeight[ic,kh,kw,oc] += Σ over n,ih,iw of input[n,ih,iw,ic] · dOutput[n, ih·stride+kh-padding, iw·stride+kw-padding, oc].</remarks>
    void ConvTranspose2dBackwardWeight(
        DeviceView<float> dOutput, DeviceView<float> input, ConvTranspose2dShape shape, DeviceView<float> dWeight);
}
