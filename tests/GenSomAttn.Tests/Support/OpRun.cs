using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks.Cases;

namespace GenSomAttn.Tests.Support;

/// <summary>Run of a differentiable operation on a backend, with random inputs and upstream gradient.</summary>
internal sealed class OpRun
{
    private readonly GradientCase _case;
    private readonly ScratchBuffers<float> _scratch;
    private readonly DeviceView<float>[] _inputs;
    private readonly DeviceView<float> _dOutput;

    public OpRun(GradientCase gradientCase, ScratchBuffers<float> scratch)
    {
        _case = gradientCase;
        _scratch = scratch;
        _inputs = [.. gradientCase.Inputs.Select((input, index) => scratch.Of<float>(Draw.Normal(input.Length, (uint)index + 1)))];
        _dOutput = scratch.Of<float>(Draw.Normal(gradientCase.OutputLength, 0));
        Output = scratch.Zeros<float>(gradientCase.OutputLength);
        DInputs = [.. gradientCase.Inputs.Select(input => scratch.Zeros<float>(input.Length))];
    }

    public DeviceView<float> Output { get; }

    public DeviceView<float>[] DInputs { get; }

    public void Forward() => _case.Forward(_scratch, _inputs, Output);

    public void Backward() => _case.Backward(_scratch, _inputs, _dOutput, DInputs);
}
