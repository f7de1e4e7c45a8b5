using System.Reflection;
using GenSomAttn.Backends;
using GenSomAttn.Backends.Profiling;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>Wrong lengths and sizes are refused before anything is computed, by a message that names operation and operand.</summary>
public sealed class ContractTests
{
    private static readonly Conv2dShape Conv = new(2, 5, 6, 3, 4, 3, 2, 2, 1);
    private static readonly ConvTranspose2dShape ConvTranspose = new(2, 3, 4, 3, 4, 3, 2, 2, 1, 1);
    private static readonly LinearShape Linear = new(3, 5, 7);
    private static readonly RowsShape Rows = new(3, 5);
    private static readonly Pool2dShape Pool = new(2, 5, 6, 3, 3, 2, 1);
    private static readonly ColumnsShape Columns = new(3, 5, 2, 8);
    private static readonly AttentionShape Attention = new(2, 3, 8, 4);
    private static readonly SomShape Som = new(6, 2, 3, 4);

    private static IEnumerable<OpCall> Calls =>
    [
        Of("Conv2dForward", o => o.Backend.Conv2dForward(o["input"], o["weight"], o["bias"], Conv, o["output"]),
            ("input", Conv.InputLength), ("weight", Conv.WeightLength), ("bias", 4), ("output", Conv.OutputLength)),
        Of("Conv2dBackwardInput", o => o.Backend.Conv2dBackwardInput(o["dOutput"], o["weight"], Conv, o["dInput"]),
            ("dOutput", Conv.OutputLength), ("weight", Conv.WeightLength), ("dInput", Conv.InputLength)),
        Of("Conv2dBackwardWeight", o => o.Backend.Conv2dBackwardWeight(o["dOutput"], o["input"], Conv, o["dWeight"]),
            ("dOutput", Conv.OutputLength), ("input", Conv.InputLength), ("dWeight", Conv.WeightLength)),
        Of("ConvTranspose2dForward",
            o => o.Backend.ConvTranspose2dForward(o["input"], o["weight"], o["bias"], ConvTranspose, o["output"]),
            ("input", ConvTranspose.InputLength), ("weight", ConvTranspose.WeightLength), ("bias", 4),
            ("output", ConvTranspose.OutputLength)),
        Of("ConvTranspose2dBackwardInput",
            o => o.Backend.ConvTranspose2dBackwardInput(o["dOutput"], o["weight"], ConvTranspose, o["dInput"]),
            ("dOutput", ConvTranspose.OutputLength), ("weight", ConvTranspose.WeightLength), ("dInput", ConvTranspose.InputLength)),
        Of("ConvTranspose2dBackwardWeight",
            o => o.Backend.ConvTranspose2dBackwardWeight(o["dOutput"], o["input"], ConvTranspose, o["dWeight"]),
            ("dOutput", ConvTranspose.OutputLength), ("input", ConvTranspose.InputLength), ("dWeight", ConvTranspose.WeightLength)),
        Of("LinearForward", o => o.Backend.LinearForward(o["input"], o["weight"], o["bias"], Linear, o["output"]),
            ("input", 15), ("weight", 35), ("bias", 7), ("output", 21)),
        Of("LinearBackwardInput", o => o.Backend.LinearBackwardInput(o["dOutput"], o["weight"], Linear, o["dInput"]),
            ("dOutput", 21), ("weight", 35), ("dInput", 15)),
        Of("LinearBackwardWeight", o => o.Backend.LinearBackwardWeight(o["dOutput"], o["input"], Linear, o["dWeight"]),
            ("dOutput", 21), ("input", 15), ("dWeight", 35)),
        Of("LayerNormForward",
            o => o.Backend.LayerNormForward(
                o["input"], o["weight"], o["bias"], Rows, 1e-5f, o["output"], o["savedMean"], o["savedInvStd"]),
            ("input", 15), ("weight", 5), ("bias", 5), ("output", 15), ("savedMean", 3), ("savedInvStd", 3)),
        Of("LayerNormBackward",
            o => o.Backend.LayerNormBackward(
                o["dOutput"], o["input"], o["weight"], o["savedMean"], o["savedInvStd"], Rows, o["dInput"], o["dWeight"], o["dBias"]),
            ("dOutput", 15), ("input", 15), ("weight", 5), ("savedMean", 3), ("savedInvStd", 3),
            ("dInput", 15), ("dWeight", 5), ("dBias", 5)),
        Of("SoftmaxForward", o => o.Backend.SoftmaxForward(o["input"], Rows, o["output"]), ("input", 15), ("output", 15)),
        Of("SoftmaxBackward", o => o.Backend.SoftmaxBackward(o["dOutput"], o["output"], Rows, o["dInput"]),
            ("dOutput", 15), ("output", 15), ("dInput", 15)),
        Of("AttentionForward", o => o.Backend.AttentionForward(o["queryKeyValue"], Attention, o["probs"], o["context"]),
            ("queryKeyValue", 144), ("probs", 72), ("context", 48)),
        Of("AttentionBackward",
            o => o.Backend.AttentionBackward(o["dContext"], o["queryKeyValue"], o["probs"], Attention, o["dQueryKeyValue"]),
            ("dContext", 48), ("queryKeyValue", 144), ("probs", 72), ("dQueryKeyValue", 144)),
        .. Enum.GetValues<Activation>().SelectMany(activation => (OpCall[])
        [
            Of($"{activation}Forward", o => o.Backend.ActivationForward(activation, o["input"], o["output"]), ("input", 5), ("output", 5)),
            Of($"{activation}Backward", o => o.Backend.ActivationBackward(activation, o["dOutput"], o["output"], o["dInput"]),
                ("dOutput", 5), ("output", 5), ("dInput", 5)),
        ]),
        Of("Add", o => o.Backend.Add(o["left"], o["right"], o["sum"]), ("left", 5), ("right", 5), ("sum", 5)),
        Of("BiasForward", o => o.Backend.BiasForward(o["input"], o["bias"], Rows, o["output"]), ("input", 15), ("bias", 5), ("output", 15)),
        Of("BiasBackward", o => o.Backend.BiasBackward(o["dOutput"], Rows, o["dBias"]), ("dOutput", 15), ("dBias", 5)),
        Of("MseForward", o => o.Backend.MseForward(o["prediction"], o["target"], o["loss"]),
            ("prediction", 5), ("target", 5), ("loss", 1)),
        Of("MseBackward", o => o.Backend.MseBackward(o["prediction"], o["target"], 1, o["dPrediction"]),
            ("prediction", 5), ("target", 5), ("dPrediction", 5)),
        Of("GaussianKlForward", o => o.Backend.GaussianKlForward(o["mean"], o["logVariance"], Rows, o["loss"]),
            ("mean", 15), ("logVariance", 15), ("loss", 1)),
        Of("GaussianKlBackward",
            o => o.Backend.GaussianKlBackward(o["mean"], o["logVariance"], Rows, 1, o["dMean"], o["dLogVariance"]),
            ("mean", 15), ("logVariance", 15), ("dMean", 15), ("dLogVariance", 15)),
        Of("SoftmaxCrossEntropyForward", o => o.Backend.SoftmaxCrossEntropyForward(o["logits"], o.Ints("labels"), Rows, o["loss"]),
            ("logits", 15), ("labels", 3), ("loss", 1)),
        Of("SoftmaxCrossEntropyBackward",
            o => o.Backend.SoftmaxCrossEntropyBackward(o["logits"], o.Ints("labels"), Rows, 1, o["dLogits"]),
            ("logits", 15), ("labels", 3), ("dLogits", 15)),
        Of("GaussianSampleForward",
            o => o.Backend.GaussianSampleForward(o["mean"], o["logVariance"], o["noise"], o["sample"]),
            ("mean", 5), ("logVariance", 5), ("noise", 5), ("sample", 5)),
        Of("GaussianSampleBackward",
            o => o.Backend.GaussianSampleBackward(o["dSample"], o["logVariance"], o["noise"], o["dMean"], o["dLogVariance"]),
            ("dSample", 5), ("logVariance", 5), ("noise", 5), ("dMean", 5), ("dLogVariance", 5)),
        Of("AdamStep",
            o => o.Backend.AdamStep(
                o["gradient"], new AdamSettings(0.9, 0.999, 1e-8), o["rates"], o["parameter"], o["firstMoment"], o["secondMoment"]),
            ("gradient", 5), ("rates", 2), ("parameter", 5), ("firstMoment", 5), ("secondMoment", 5)),
        Of("GatherImages", o => o.Backend.GatherImages(o.Bytes("images"), o.Ints("indices"), 5, o["output"]),
            ("images", 20), ("indices", 3), ("output", 15)),
        Of("GatherRows", o => o.Backend.GatherRows(o["rows"], o.Ints("indices"), Rows, o["output"]),
            ("rows", 20), ("indices", 3), ("output", 15)),
        Of("CopyIntoColumns", o => o.Backend.CopyIntoColumns(o["part"], Columns, o["whole"]), ("part", 15), ("whole", 24)),
        Of("Pool2dForward", o => o.Backend.Pool2dForward(o["input"], Pool, Pooling.Max, o["output"]),
            ("input", Pool.InputLength), ("output", Pool.OutputLength)),
        Of("BestMatchingUnits",
            o => o.Backend.BestMatchingUnits(
                o["input"], o["codebook"], Som, o.Ints("bmu"), o.Ints("second"), o["squaredDistances"]),
            ("input", 24), ("codebook", 24), ("bmu", 6), ("second", 6), ("squaredDistances", 12)),
        Of("SomUpdateBatch",
            o => o.Backend.SomUpdateBatch(o["input"], o.Ints("bmu"), Som, o["rates"], o["workspace"], o["codebook"]),
            ("input", 24), ("bmu", 6), ("rates", 2), ("workspace", 30), ("codebook", 24)),
        Of("SomUpdateOnline", o => o.Backend.SomUpdateOnline(o["input"], Som, o["rates"], o["codebook"]),
            ("input", 24), ("rates", 2), ("codebook", 24)),
    ];

    private static IEnumerable<TestCaseData> CallsOnAllBackends => AllBackends.Each([.. Calls]);

    private static IEnumerable<WrongSize> WrongSizes =>
    [
        new("Conv2dForward", "Stride",
            backend => backend.Conv2dForward(default, default, default, Conv with { Stride = 0 }, default)),
        new("Conv2dForward", "KernelHeight",
            backend => backend.Conv2dForward(default, default, default, Conv with { KernelHeight = 8 }, default)),
        new("Conv2dForward", "PaddingWidth",
            backend => backend.Conv2dForward(default, default, default, Conv with { PaddingWidth = -1 }, default)),
        new("Pool2dForward", "Padding",
            backend => backend.Pool2dForward(default, Pool with { Padding = 2 }, Pooling.Max, default)),
        new("CopyIntoColumns", "First", backend => backend.CopyIntoColumns(default, Columns with { First = 4 }, default)),
        new("ConvTranspose2dForward", "OutputPadding",
            backend => backend.ConvTranspose2dForward(default, default, default, ConvTranspose with { OutputPadding = 2 }, default)),
        new("AttentionForward", "Heads",
            backend => backend.AttentionForward(default, Attention with { Heads = 3 }, default, default)),
        new("AttentionForward", "Heads",
            backend => backend.AttentionForward(default, Attention with { Heads = 0 }, default, default)),
        new("LayerNormForward", "epsilon",
            backend => backend.LayerNormForward(default, default, default, Rows, 0, default, default, default)),
        new("SoftmaxForward", "Length",
            backend => backend.SoftmaxForward(default, new RowsShape(3, 0), default)),
    ];

    private static IEnumerable<TestCaseData> WrongSizesOnAllBackends => AllBackends.Each([.. WrongSizes]);

    /// <summary>A check cannot be forgotten: every operand of every operation is in its contract, and its bytes are counted.</summary>
    [TestCaseSource(nameof(Calls))]
    public void Contract_OfEachOperation_StatesEveryOperandOnce(OpCall call)
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        List<string> stated = [];
        using (OperationWatch watch = new(backend, (_, operands) => stated.AddRange(operands.Select(operand => operand.Name))))
        {
            call.Run(backend);
        }

        using Profiler profiler = new(backend, 1);
        call.Run(backend);
        profiler.EndStep();

        Assert.That(stated, Is.EquivalentTo(call.Lengths.Keys));
        Assert.That(profiler.Profiles.Single().Operation, Is.EqualTo(call.Op));
        Assert.That(profiler.Profiles.Single().CallsOfSteps.ToArray(), Is.EqualTo([1]));
        Assert.That(profiler.Profiles.Single().Bytes, Is.Positive);
    }

    [Test]
    public void Calls_AreOfEveryOperationWithEveryOperand()
    {
        // Fill and RandomNormal have one operand, whose length is free.
        Assert.That(Calls.Select(call => call.Op), Is.EquivalentTo(OperationWatch.Operations.Except(["Fill", "RandomNormal"])));
        foreach (MethodInfo method in OperationWatch.Methods)
        {
            string[] operands =
            [
                .. method.GetParameters().Where(parameter => parameter.ParameterType.IsGenericType).Select(parameter => parameter.Name!),
            ];
            foreach (OpCall call in Calls.Where(call => call.Op == method.Name))
            {
                Assert.That(call.Lengths.Keys, Is.EquivalentTo(operands), method.Name);
            }
        }
    }

    [TestCaseSource(nameof(CallsOnAllBackends))]
    public void Operation_RightLengths_Runs(OpCall call, string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        Assert.That(() => call.Run(backend), Throws.Nothing);
    }

    [TestCaseSource(nameof(CallsOnAllBackends))]
    public void Operation_OneLengthWrong_NamesOperationAndOperand(OpCall call, string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        foreach ((string operand, int length) in call.Lengths)
        {
            // The number of indices determines the output's length, so the message names the output.
            string blamed = (call.Op, operand) == ("GatherImages", "indices") ? "output" : operand;
            foreach (int excess in length > 1 ? (int[])[-1, 1] : [1])
            {
                Assert.That(
                    () => call.Run(backend, operand, excess),
                    Throws.ArgumentException.With.Message.StartsWith($"{call.Op}: ").And.Message.Contains(blamed),
                    $"{operand} longer by {excess}");
            }
        }
    }

    [TestCaseSource(nameof(WrongSizesOnAllBackends))]
    public void Operation_WrongSize_NamesOperationAndSize(WrongSize wrong, string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        Assert.That(
            () => wrong.Invoke(backend),
            Throws.ArgumentException.With.Message.StartsWith($"{wrong.Op}: ").And.Message.Contains(wrong.Size));
    }

    private static OpCall Of(string op, Action<OpCall.Operands> invoke, params (string Name, int Length)[] operands)
        => new(op, operands.ToDictionary(operand => operand.Name, operand => operand.Length), invoke);

    public sealed record WrongSize(string Op, string Size, Action<Backend<float>> Invoke)
    {
        public override string ToString() => $"{Op} {Size}";
    }
}
