using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Training;

/// <summary>
/// The gradients of a small whole model by finite differences through a backend. The straight-through gradient is not the derivative of
/// the forward pass: the check freezes w and c = w - v at their values at the point, and decodes v + c.
/// </summary>
public sealed class ModelGradientTests
{
    private const int Gray = ImageShape.Gray;
    private const int Color = ImageShape.Color;

    /// <summary>Two stages for every attention and loss, gray and color; three stages with each place of attention.</summary>
    private static readonly (AttentionKind Attention, LossKind Loss, int Channels, int Stages)[] Cases =
    [
        .. Enum.GetValues<AttentionKind>().Select(attention => (attention, LossKind.Full, Gray, 2)),
        .. Enum.GetValues<AttentionKind>().Select(attention => (attention, LossKind.Full, Color, 2)),
        (AttentionKind.Latent, LossKind.Report, Gray, 2),
        (AttentionKind.Latent, LossKind.Full, Color, 3),
        (AttentionKind.Spatial, LossKind.Full, Gray, 3),
        (AttentionKind.Pool, LossKind.Full, Gray, 3),
    ];

    private static IEnumerable<TestCaseData> CasesOnAllBackends =>
        Cases.SelectMany(each => AllBackends.With(each.Attention, each.Loss, each.Channels, each.Stages));

    [TestCaseSource(nameof(CasesOnAllBackends))]
    public void Backward_AlongRandomDirections_AgreesWithStencil(
        AttentionKind attention, LossKind loss, int channels, int stages, string accelerator)
    {
        using SmallModel small = new(accelerator, attention, loss, channels, stages);
        small.Backward();

        foreach (Parameter parameter in small.Parameters)
        {
            if (loss == LossKind.Report && !parameter.Name.StartsWith("decoder.", StringComparison.Ordinal))
            {
                Assert.That(parameter.Gradient.ToArray(), Is.All.Zero, parameter.Name);
                continue;
            }

            double[] gradient = Compare.Widened(parameter.Gradient.ToArray());
            for (uint direction = 0; direction < 3; direction++)
            {
                double[] along = FinitePaths.Direction(parameter, direction, least: 0.02);
                double expected = FinitePaths.Slope(parameter, along, small.FrozenLoss);
                double got = gradient.Zip(along, (g, d) => g * d).Sum();

                // A wrong gradient is off by about a typical slope, the norm of gradient times direction. The tolerance is a
                // hundredth of it, for rounding of the loss in float, plus the rounding error at a slope of zero:
                // a pixel's 6e-8, times a difference of 0.3, averaged over 192 pixels, over a step of 1e-2, is about 4e-7. A third
                // stage adds sums of four times as many terms, which the reference adds one after another.
                double roundingOfSlope = stages == 2 ? 1e-6 : 3e-6;
                double typical = Math.Sqrt(gradient.Zip(along, (g, d) => g * d * g * d).Sum());
                Assert.That(typical, Is.GreaterThan(0), parameter.Name);
                Assert.That(got, Is.EqualTo(expected).Within((0.01 * typical) + roundingOfSlope), parameter.Name);
            }
        }
    }

    [Test]
    public void Read_FullLoss_IsTheSumOfItsParts()
    {
        using SmallModel small = new("reference", AttentionKind.Latent, LossKind.Full, Gray, stages: 2);
        Losses losses = small.Backward();

        Assert.That(losses.Total, Is.EqualTo(small.FrozenLoss()).Within(1e-6));
        Assert.That(losses.Total, Is.GreaterThan(losses.MseE!.Value + (0.25 * losses.MseQ!.Value) + 1e-4));
    }

    /// <summary>A model of random images with an inner feature map of 2 x 2 positions, and its loss with the winners frozen.</summary>
    private sealed class SmallModel : IDisposable
    {
        private const int Batch = 3;
        private const int Latent = 8;
        private readonly Backend<float> _backend;
        private readonly DeviceMemory _memory;
        private readonly SomAttnModel _model;
        private readonly TrainingSettings _settings;
        private readonly SomAttnLoss _loss;
        private readonly DeviceView<float> _images;
        private readonly DeviceView<float> _pairs;
        private readonly float[] _pixels;
        private float[] _frozenUnits = [];
        private float[] _frozenOffsets = [];

        public SmallModel(string accelerator, AttentionKind attention, LossKind loss, int channels, int stages)
        {
            _settings = new TrainingSettings
            {
                Attention = attention,
                Loss = loss,
                Latent = Latent,
                MapHeight = 3,
                MapWidth = 4,
                BatchSize = Batch,
                QuantizedWeight = 0.25,
                Commitment = 0.25,
                Stages = stages,
            };
            _backend = AllBackends.Create(accelerator);
            _memory = new DeviceMemory(_backend);
            _model = new SomAttnModel(_backend, _settings, new(4 << (stages - 1), channels));
            _model.Initialize();
            SwitchRelus();
            _loss = new SomAttnLoss(_model, _memory);
            _images = _memory.Take<float>(Batch * _model.Shape.Length);
            _pairs = _memory.Take<float>(2 * Batch * Latent);
            Draw.FillUniform(_images, 0);
            _pixels = _images.ToArray();
        }

        public IReadOnlyList<Parameter> Parameters => _model.Parameters.Parameters;

        /// <summary>Runs one forward and backward pass; freezes its winners.</summary>
        public Losses Backward()
        {
            var batch = new TrainingBatch(_images, default, Batch, 0);
            _loss.Forward(batch);
            Reconstruction made = _loss.Output;
            _frozenUnits = made.Quantized.ToArray();
            _frozenOffsets = [.. _frozenUnits.Zip(made.Codes.ToArray(), (unit, code) => unit - code)];
            _loss.Backward(batch);
            return _loss.Combine(_loss.OnDevice.ToArray());
        }

        /// <summary>Computes the loss with w and w - v frozen, summed in double.</summary>
        public double FrozenLoss()
        {
            float[] codes = _model.Encode(_images, Batch).ToArray();
            float[] straightThrough = _settings.Loss == LossKind.Report
                ? _frozenUnits
                : [.. codes.Zip(_frozenOffsets, (code, offset) => code + offset)];
            _pairs.CopyFrom([.. codes, .. straightThrough]);
            float[] decoded = _model.Decode(_pairs, 2 * Batch).ToArray();
            double mseE = Mse(decoded.AsSpan(0, _pixels.Length), _pixels);
            double mseQ = Mse(decoded.AsSpan(_pixels.Length), _pixels);
            return _settings.Loss == LossKind.Report
                ? mseQ
                : mseE + (_settings.QuantizedWeight * mseQ) + (_settings.Commitment!.Value * Mse(codes, _frozenUnits));
        }

        public void Dispose()
        {
            _model.Dispose();
            _memory.Dispose();
            _backend.Dispose();
        }

        /// <summary>
        /// Sets the biases before ReLUs to 2 and -2 in turn, so that each is clearly on or off, far from the kink that the stencil must not
        /// cross; and halves the weights between stages of a deeper network, whose activations would otherwise grow from stage to stage.
        /// </summary>
        private void SwitchRelus()
        {
            foreach (Parameter weight in Parameters.Where(parameter => _settings.Stages > 2 && parameter.Name is not "encoder.conv1.weight"
                && parameter.Name.EndsWith(".weight", StringComparison.Ordinal)
                && parameter.Name.Contains("conv", StringComparison.Ordinal)))
            {
                weight.Value.CopyFrom([.. weight.Value.ToArray().Select(value => value / 2)]);
            }

            string last = $"decoder.conv_transpose{_settings.Stages}.bias";
            foreach (Parameter bias in Parameters.Where(parameter => parameter.Name != last && IsBeforeRelu(parameter.Name)))
            {
                bias.Value.CopyFrom([.. Enumerable.Range(0, bias.Length).Select(i => i % 2 == 0 ? 2f : -2f)]);
            }
        }

        private static bool IsBeforeRelu(string name) =>
            name.EndsWith(".bias", StringComparison.Ordinal) && (name.StartsWith("encoder.conv", StringComparison.Ordinal)
                || name.StartsWith("decoder.", StringComparison.Ordinal));

        private static double Mse(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
        {
            double sum = 0;
            for (int i = 0; i < left.Length; i++)
            {
                double difference = (double)left[i] - right[i];
                sum += difference * difference;
            }

            return sum / left.Length;
        }
    }
}
