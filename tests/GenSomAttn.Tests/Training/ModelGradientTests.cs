using GenSomAttn.Backends;
using GenSomAttn.Engine;
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
    private static IEnumerable<TestCaseData> CasesOnAllBackends =>
        Enum.GetValues<AttentionKind>().Select(attention => (attention, LossKind.Full)).Append((AttentionKind.Latent, LossKind.Report))
            .SelectMany(each => AllBackends.With(each.Item1, each.Item2));

    [TestCaseSource(nameof(CasesOnAllBackends))]
    public void Backward_AlongRandomDirections_AgreesWithStencil(AttentionKind attention, LossKind loss, string accelerator)
    {
        using SmallModel small = new(accelerator, attention, loss);
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
                // a pixel's 6e-8, times a difference of 0.3, averaged over 192 pixels, over a step of 1e-2, is about 4e-7.
                const double RoundingOfSlope = 1e-6;
                double typical = Math.Sqrt(gradient.Zip(along, (g, d) => g * d * g * d).Sum());
                Assert.That(typical, Is.GreaterThan(0), parameter.Name);
                Assert.That(got, Is.EqualTo(expected).Within((0.01 * typical) + RoundingOfSlope), parameter.Name);
            }
        }
    }

    [Test]
    public void Read_FullLoss_IsTheSumOfItsParts()
    {
        using SmallModel small = new("reference", AttentionKind.Latent, LossKind.Full);
        Losses losses = small.Backward();

        Assert.That(losses.Total, Is.EqualTo(small.FrozenLoss()).Within(1e-6));
        Assert.That(losses.Total, Is.GreaterThan(losses.MseE!.Value + (0.25 * losses.MseQ!.Value) + 1e-4));
    }

    /// <summary>A model on images of 8 x 8 with random pixels, and its loss with the winners frozen.</summary>
    private sealed class SmallModel : IDisposable
    {
        private const int Batch = 3;
        private const int Side = 8;
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

        public SmallModel(string accelerator, AttentionKind attention, LossKind loss)
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
            };
            _backend = AllBackends.Create(accelerator);
            _memory = new DeviceMemory(_backend);
            _model = new SomAttnModel(_backend, _settings, new(Side, 1));
            _model.Initialize();
            SwitchRelus();
            _loss = new SomAttnLoss(_model, _memory);
            _images = _memory.Take<float>(Batch * Side * Side);
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
                : mseE + (_settings.QuantizedWeight * mseQ) + (_settings.Commitment * Mse(codes, _frozenUnits));
        }

        public void Dispose()
        {
            _model.Dispose();
            _memory.Dispose();
            _backend.Dispose();
        }

        /// <summary>
        /// Sets the biases before ReLUs to 2 and -2 in turn, so that each is clearly on or off, far from the kink that the stencil must not
        /// cross.
        /// </summary>
        private void SwitchRelus()
        {
            string[] beforeRelus = ["encoder.conv1.bias", "encoder.conv2.bias", "decoder.linear.bias", "decoder.conv_transpose1.bias"];
            foreach (Parameter bias in Parameters.Where(parameter => beforeRelus.Contains(parameter.Name)))
            {
                bias.Value.CopyFrom([.. Enumerable.Range(0, bias.Length).Select(i => i % 2 == 0 ? 2f : -2f)]);
            }
        }

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
