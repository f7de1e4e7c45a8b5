using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Kernels;
using GenSomAttn.Tests.Support;

namespace GenSomAttn.Tests.Layers;

/// <summary>A layer with random parameters, a random input, and the loss Σ u · output with a random u.</summary>
internal sealed class LayerProbe : IDisposable
{
    private readonly Backend<float> _backend;
    private readonly DeviceMemory _memory;
    private readonly Layer _layer;
    private readonly DeviceView<float> _input;
    private readonly DeviceView<float> _working;
    private readonly float[] _dOutput;

    /// <param name="accelerator">Backend.</param>
    /// <param name="build">Creates the layer.</param>
    /// <param name="inputLength">Elements of one sample of the input.</param>
    /// <param name="outputLength">Elements of one sample of the output.</param>
    /// <param name="maxBatch">Samples that the buffers are planned for.</param>
    public LayerProbe(string accelerator, Func<LayerContext, Layer> build, int inputLength, int outputLength, int maxBatch)
    {
        _backend = AllBackends.Create(accelerator);
        _memory = new DeviceMemory(_backend);
        _layer = build(new LayerContext(_backend, Parameters, _memory, maxBatch));
        if (Parameters.ElementCount > 0)
        {
            Parameters.Allocate(_memory);
        }

        foreach (Parameter parameter in Parameters.Parameters)
        {
            // Small enough that no softmax saturates, where the stencil's step would be too large.
            parameter.Value.CopyFrom([.. Numbers(parameter.Length, (uint)parameter.Index).Select(number => 0.3f * number)]);
        }

        _input = _memory.Take<float>(maxBatch * inputLength);
        _input.CopyFrom(AwayFromZero(Numbers(_input.Length, 1001)));
        _working = _memory.Take<float>(_input.Length);
        _dOutput = Numbers(maxBatch * outputLength, 1002);
        InputLength = inputLength;
        OutputLength = outputLength;
    }

    public ParameterSet Parameters { get; } = new();

    private int InputLength { get; }

    private int OutputLength { get; }

    /// <summary>Computes the output for the first samples, and their part of the loss.</summary>
    public (float[] Output, double Loss) Forward(int batch)
    {
        // Layers may work in place, so the input is copied.
        _working.CopyFrom(_input.First(batch * InputLength).ToArray());
        float[] output = _layer.Forward(_working.First(batch * InputLength), batch).ToArray();
        double loss = 0;
        for (int i = 0; i < output.Length; i++)
        {
            loss += (double)_dOutput[i] * output[i];
        }

        return (output, loss);
    }

    /// <summary>Computes the gradient with respect to the input, after a forward pass; accumulates those of the parameters.</summary>
    public float[] Backward(int batch)
    {
        Forward(batch);
        DeviceView<float> dOutput = _memory.Take<float>(batch * OutputLength);
        dOutput.CopyFrom(_dOutput.AsSpan(0, dOutput.Length));
        return _layer.Backward(dOutput, batch).ToArray();
    }

    /// <summary>Computes the gradients of the loss by the four-point stencil, with respect to the input and to each parameter.</summary>
    public double[] Stencil(Parameter? parameter, int batch)
    {
        const float Step = 1e-2f;
        DeviceView<float> values = parameter?.Value ?? _input.First(batch * InputLength);
        double[] gradient = new double[values.Length];
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] = FloatDerivative.FourPointStencil(values, i, Step, () => Forward(batch).Loss);
        }

        return gradient;
    }

    public void Dispose()
    {
        _memory.Dispose();
        _backend.Dispose();
    }

    private static float[] Numbers(int length, uint stream)
    {
        var key = new RandomKey(11, RandomPurpose.Check, stream);
        return [.. Enumerable.Range(0, length).Select(i => Philox.Normal(key, (uint)i))];
    }

    /// <summary>Moves numbers away from 0, where the ReLU has its kink, by more than the stencil's step.</summary>
    private static float[] AwayFromZero(float[] numbers) => [.. numbers.Select(number => number + (0.05f * MathF.Sign(number)))];
}
