using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using NUnit.Framework;

namespace GenSomAttn.Tests.Goldens;

/// <summary>Activations, losses and the optimizer.</summary>
internal static class ElementGoldens
{
    public static void Relu(GoldenCase golden)
    {
        DeviceView<float> output = golden.Zeros(golden.Count("input"));
        DeviceView<float> dInput = golden.Zeros(golden.Count("input"));

        golden.Backend.ActivationForward(Activation.Relu, golden.Load("input"), output);
        golden.Backend.ActivationBackward(Activation.Relu, golden.Load("d_output"), output, dInput);

        golden.Close("output", output, Tolerance.Exact);
        golden.Close("d_input", dInput, Tolerance.Exact);
    }

    public static void Sigmoid(GoldenCase golden)
    {
        DeviceView<float> output = golden.Zeros(golden.Count("input"));
        DeviceView<float> dInput = golden.Zeros(golden.Count("input"));

        golden.Backend.ActivationForward(Activation.Sigmoid, golden.Load("input"), output);
        golden.Backend.ActivationBackward(Activation.Sigmoid, golden.Load("d_output"), output, dInput);

        golden.Close("output", output, Tolerance.Elementwise);
        golden.Close("d_input", dInput, Tolerance.Elementwise);
    }

    public static void Mse(GoldenCase golden)
    {
        Assert.That(golden.Text("reduction"), Is.EqualTo("mean over all elements"));
        DeviceView<float> prediction = golden.Load("input");
        DeviceView<float> target = golden.Load("target");
        DeviceView<float> loss = golden.Zeros(1);
        DeviceView<float> dPrediction = golden.Zeros(prediction.Length);

        golden.Backend.MseForward(prediction, target, loss);
        golden.Backend.MseBackward(prediction, target, 1, dPrediction);

        golden.Close("loss", loss, new Tolerance(0, 1e-5, "a float sum of squares, which all have one sign"));
        golden.Close("d_input", dPrediction, new Tolerance(1e-9, 2e-6, "a difference and two products; elements are near 1 / count"));
    }

    public static void GaussianKl(GoldenCase golden)
    {
        Assert.That(golden.Text("reduction"), Is.EqualTo("sum over dimensions, mean over the batch"));
        int batch = golden.Shape("mean")[0];
        RowsShape shape = new(batch, golden.Count("mean") / batch);
        DeviceView<float> mean = golden.Load("mean");
        DeviceView<float> logVariance = golden.Load("log_variance");
        DeviceView<float> loss = golden.Zeros(1);
        DeviceView<float> dMean = golden.Zeros(shape.TotalLength);
        DeviceView<float> dLogVariance = golden.Zeros(shape.TotalLength);

        golden.Backend.GaussianKlForward(mean, logVariance, shape, loss);
        golden.Backend.GaussianKlBackward(mean, logVariance, shape, 1, dMean, dLogVariance);

        golden.Close("loss", loss, new Tolerance(0, 1e-5, "a float sum of terms that all have one sign"));
        golden.Close("d_mean", dMean, Tolerance.Elementwise);
        golden.Close("d_log_variance", dLogVariance, Tolerance.Elementwise);
    }

    public static void Adam(GoldenCase golden)
    {
        int steps = golden.Int("steps");
        DeviceView<float> parameter = golden.Load("initial");
        DeviceView<float> gradients = golden.Load("gradients");
        DeviceView<float> firstMoment = golden.Zeros(parameter.Length);
        DeviceView<float> secondMoment = golden.Zeros(parameter.Length);
        Assert.That(golden.Shape("gradients")[0], Is.EqualTo(steps));
        AdamSettings settings = new(golden.Double("beta1"), golden.Double("beta2"), golden.Double("epsilon"));
        for (int step = 1; step <= steps; step++)
        {
            (float stepSize, float secondScale) = settings.Rates(golden.Double("learning_rate"), step);
            DeviceView<float> gradient = gradients.Slice((step - 1) * parameter.Length, parameter.Length);
            DeviceView<float> rates = golden.Scratch.Of<float>([stepSize, secondScale]);
            golden.Backend.AdamStep(gradient, settings, rates, parameter, firstMoment, secondMoment);
        }

        golden.Close("final", parameter, new Tolerance(1e-6, 2e-6, "each of the steps rounds a parameter of size 1 once"));
    }
}
