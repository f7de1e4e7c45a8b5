#:project ../src/GenSomAttn.Engine/GenSomAttn.Engine.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

using System.Numerics;
using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks;
using GenSomAttn.Engine.Checks.Cases;

// An own operation, y = x tanh(x), whose gradient is checked against central differences: dotnet run --file samples/gradcheck.cs
IReadOnlyList<CheckResult> results = GradientChecks.CheckReference(new XTanhCase(33));
foreach (CheckResult result in results)
{
    Console.WriteLine($"{(result.Passed ? "passed" : "FAILED")}: {result}");
}

return results.All(result => result.Passed) ? 0 : 1;

internal sealed class XTanhCase(int length) : GradientCase
{
    public override string Name => $"x tanh(x), {length}";

    public override IReadOnlyList<CaseInput> Inputs => [new("input", length, Tolerance.Elementwise)];

    public override int OutputLength => length;

    public override Tolerance OutputTolerance => Tolerance.Elementwise;

    public override void Forward<T>(ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> output) =>
        output.CopyFrom(Array.ConvertAll(inputs[0].ToArray(), XTanh.Forward));

    public override void Backward<T>(
        ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> dOutput, DeviceView<T>[] dInputs) =>
        dInputs[0].CopyFrom([.. inputs[0].ToArray().Zip(dOutput.ToArray(), XTanh.Backward)]);
}

internal static class XTanh
{
    public static T Forward<T>(T x)
        where T : IFloatingPointIeee754<T> => x * T.Tanh(x);

    // d/dx x tanh(x) = tanh(x) + x (1 - tanh²(x))
    public static T Backward<T>(T x, T dOutput)
        where T : IFloatingPointIeee754<T> => dOutput * (T.Tanh(x) + (x * (T.One - (T.Tanh(x) * T.Tanh(x)))));
}
