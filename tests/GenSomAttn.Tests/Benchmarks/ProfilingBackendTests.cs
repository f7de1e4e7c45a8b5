using System.Reflection;
using GenSomAttn.Backends;
using GenSomAttn.Backends.Profiling;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Training;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Benchmarks;

/// <summary>The decorator that times operations: forwards all of them, changes nothing and counts correctly.</summary>
public sealed class ProfilingBackendTests
{
    /// <summary>Every operation: the methods of the interfaces that IBackend extends.</summary>
    private static IEnumerable<TestCaseData> Operations =>
        from contract in typeof(IBackend).GetInterfaces()
        where contract != typeof(IDisposable)
        from method in contract.GetMethods()
        select new TestCaseData(method).SetArgDisplayNames(method.Name);

    [TestCaseSource(nameof(Operations))]
    public void Operation_Called_ReachesTheSameOperationOnceAndIsTimed(MethodInfo operation)
    {
        using IBackend inner = DispatchProxy.Create<IBackend, CallLog>();
        using ProfilingBackend profiler = new(inner, 1);
        object[] arguments = [.. operation.GetParameters().Select(Argument)];

        operation.Invoke(profiler, arguments);
        profiler.EndStep();

        (MethodInfo method, object?[] passed) = ((CallLog)inner).Calls.Single();
        Assert.That(method, Is.EqualTo(operation));
        Assert.That(passed, Is.EqualTo(arguments));
        OperationProfile row = profiler.Profiles.Single();
        Assert.That(row.Operation, Is.EqualTo(operation.Name));
        Assert.That(row.CallsOfSteps.ToArray(), Is.EqualTo([1]));
        Assert.That(row.Bytes, Is.Positive);
    }

    [Test]
    public void Training_ThroughTheProfiler_GivesTheSameBits()
    {
        TrainingSettings settings = new() { Epochs = 2, BatchSize = 16, Latent = 8, MapHeight = 3, MapWidth = 4 };
        using IBackend plain = AllBackends.Create("cpu");
        using IBackend inner = AllBackends.Create("cpu");
        using ProfilingBackend profiler = new(inner, 1);
        float[] Train(IBackend backend)
        {
            using Trainer trainer = new(backend, settings, TinyData.Load(40, 5, 8));
            trainer.Run(new TrainingLog(), default);
            return [.. trainer.Model.Parameters.Values.ToArray(), .. trainer.Model.Map!.Codebook.ToArray()];
        }

        Compare.SameBits("parameters and codebook", Train(profiler), Train(plain));
        Assert.That(profiler.Profiles, Has.Count.GreaterThan(30));
    }

    [Test]
    public void Steps_WithCallsBetweenThem_CountTheirOwnAlone()
    {
        using IBackend backend = AllBackends.Create("cpu");
        using ProfilingBackend profiler = new(backend, 2);
        using DeviceBuffer<float> small = profiler.Allocate<float>(3);
        using DeviceBuffer<float> large = profiler.Allocate<float>(33);
        profiler.Fill(1, small.View);
        profiler.BeginStep();
        profiler.Fill(1, small.View);
        profiler.Fill(2, small.View);
        profiler.Add(small.View, small.View, small.View);
        profiler.EndStep();
        profiler.Fill(3, large.View);
        profiler.EndStep();

        static string Describe(OperationProfile row) => $"{row.Operation} {row.Sizes}: {string.Join(' ', row.CallsOfSteps.ToArray())}";

        Assert.That(profiler.Profiles.Select(Describe), Is.EqualTo(["Fill 3: 2 0", "Add 3: 1 0", "Fill 33: 0 1"]));
        Assert.That(profiler.Profiles.Select(row => row.TicksOfSteps[0] > 0), Is.EqualTo([true, true, false]));
        Assert.That(profiler.Profiles.Select(row => row.Bytes), Is.EqualTo([12, 36, 132]));
        Assert.That(profiler.EndStep, Throws.InvalidOperationException);
    }

    [Test]
    public void Shapes_OfTheTwoConvolutions_AreCountedAsTheSameProducts()
    {
        // A transposed convolution is the input gradient of the convolution with swapped sizes, and has the same FLOPs.
        Conv2dShape conv = new(3, 14, 14, 5, 7, 4, 4, 2, 1);
        ConvTranspose2dShape transposed = new(3, 7, 7, 7, 5, 4, 4, 2, 1, 0);

        Assert.That(conv.Flops, Is.EqualTo(2L * 3 * 7 * 7 * 7 * 4 * 4 * 5));
        Assert.That(transposed.Flops, Is.EqualTo(conv.Flops));
        Assert.That(new SomShape(10, 2, 3, 5).BatchUpdateFlops, Is.EqualTo(2 * 5 * 6 * 5));
        Assert.That(new SomShape(4, 2, 3, 5).BatchUpdateFlops, Is.EqualTo(2 * 4 * 6 * 5));

        // More than 2^31 FLOPs.
        Assert.That(new LinearShape(60_000, 3136, 32).Flops, Is.EqualTo(12_042_240_000));
    }

    /// <summary>Operands of distinct lengths, shapes of distinct sizes.</summary>
    private static object Argument(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        if (type == typeof(DeviceView<float>))
        {
            return new HostBuffer<float>(3 + parameter.Position).View;
        }

        if (type == typeof(DeviceView<int>))
        {
            return new HostBuffer<int>(3 + parameter.Position).View;
        }

        if (type == typeof(DeviceView<byte>))
        {
            return new HostBuffer<byte>(3 + parameter.Position).View;
        }

        if (type.Namespace == typeof(Conv2dShape).Namespace)
        {
            ConstructorInfo sizes = type.GetConstructors().Single(constructor => constructor.GetParameters().Length > 0);
            return sizes.Invoke([.. sizes.GetParameters().Select(size => (object)(2 + size.Position))]);
        }

        return type.IsPrimitive ? Convert.ChangeType(3 + parameter.Position, type) : Activator.CreateInstance(type)!;
    }

    /// <summary>A backend without computation or counters that records the calls of its operations.</summary>
    public class CallLog : DispatchProxy
    {
        internal List<(MethodInfo Method, object?[] Arguments)> Calls { get; } = [];

        /// <inheritdoc/>
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (!targetMethod!.IsSpecialName)
            {
                Calls.Add((targetMethod, args!));
            }

            return null;
        }
    }
}
