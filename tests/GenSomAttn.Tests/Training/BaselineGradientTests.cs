using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Training;

/// <summary>The gradients of the other models, whole and small, by finite differences of their losses through a backend.</summary>
public sealed class BaselineGradientTests
{
    private const int Batch = 3;
    private const int Side = 8;
    private const int Classes = 5;

    private static IEnumerable<TestCaseData> CasesOnAllBackends =>
        new[] { ModelKind.Vae, ModelKind.Ae, ModelKind.Classifier }
            .SelectMany(kind => new[] { ImageShape.Gray, ImageShape.Color }.SelectMany(channels => AllBackends.With(kind, channels)));

    [TestCaseSource(nameof(CasesOnAllBackends))]
    public void Backward_AlongRandomDirections_AgreesWithStencil(ModelKind kind, int channels, string accelerator)
    {
        // A large decoder variance, so that both parts of a VAE's loss matter.
        var settings = new TrainingSettings { Model = kind, Latent = 6, BatchSize = Batch, DecoderVariance = 2, Beta = 3 };
        using Backend<float> backend = AllBackends.Create(accelerator);
        using DeviceMemory memory = new(backend);
        using ImageModel model = ImageModel.Create(backend, settings, new(Side, channels), Classes);
        model.Initialize();
        SwitchRelus(model);
        TrainingLoss loss = model.CreateLoss(memory);
        DeviceView<float> images = memory.Take<float>(Batch * model.Shape.Length);
        DeviceView<int> labels = memory.Take<int>(Batch);
        Draw.FillUniform(images, 0);
        labels.CopyFrom([4, 0, 2]);
        var batch = new TrainingBatch(images, labels, Batch, Stream: 5);
        loss.Begin(batch);
        loss.Forward(batch);
        loss.Backward(batch);

        // Rounding error at a slope of zero: the stencil sums 18 losses, each a float with an error of two units in the last place, or of
        // six for color, whose sums have three times as many terms.
        float value = loss.Combine(loss.OnDevice.ToArray()).Total;
        double roundingOfSlope = 18 * (channels == ImageShape.Gray ? 2 : 6) * (float.BitIncrement(value) - value) / (12 * FinitePaths.Step);
        foreach (Parameter parameter in model.Parameters.Parameters)
        {
            double[] gradient = Compare.Widened(parameter.Gradient.ToArray());
            for (uint direction = 0; direction < 3; direction++)
            {
                double[] along = FinitePaths.Direction(parameter, direction, least: 0.05);
                double expected = FinitePaths.Slope(parameter, along, () => Loss(loss, batch));
                double got = gradient.Zip(along, (g, d) => g * d).Sum();

                double typical = Math.Sqrt(gradient.Zip(along, (g, d) => g * d * g * d).Sum());
                Assert.That(typical, Is.GreaterThan(roundingOfSlope), parameter.Name);

                // As in ModelGradientTests: the tolerance is a hundredth of a typical slope, which is the error of a wrong gradient.
                Assert.That(got, Is.EqualTo(expected).Within((0.01 * typical) + roundingOfSlope), $"{parameter.Name} {direction}");
            }
        }
    }

    private static double Loss(TrainingLoss loss, in TrainingBatch batch)
    {
        loss.Forward(batch);
        return loss.Combine(loss.OnDevice.ToArray()).Total;
    }

    /// <summary>
    /// Sets the biases before ReLUs to 2 and -2 in turn, so that each is clearly on or off, far from the kink that the stencil must not
    /// cross; and halves the weights before those of a classifier, whose activations would otherwise grow from layer to layer.
    /// </summary>
    private static void SwitchRelus(ImageModel model)
    {
        foreach (Parameter weight in model.Parameters.Parameters.Where(parameter => parameter.Name is "conv2.weight" or "conv3.weight"
            or "features.weight"))
        {
            weight.Value.CopyFrom([.. weight.Value.ToArray().Select(value => value / 2)]);
        }

        string[] beforeRelus =
        [
            "encoder.conv1.bias", "encoder.conv2.bias", "decoder.linear.bias", "decoder.conv_transpose1.bias", "conv1.bias", "conv2.bias",
            "conv3.bias", "features.bias",
        ];
        foreach (Parameter bias in model.Parameters.Parameters.Where(parameter => beforeRelus.Contains(parameter.Name)))
        {
            bias.Value.CopyFrom([.. Enumerable.Range(0, bias.Length).Select(i => i % 2 == 0 ? 2f : -2f)]);
        }
    }
}
