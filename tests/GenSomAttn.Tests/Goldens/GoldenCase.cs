using System.Globalization;
using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Formats;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Goldens;

/// <summary>A golden file under comparison with a backend: converts its tensors to the backend's layouts and back.</summary>
internal sealed class GoldenCase(SafetensorsFile file, Backend<float> backend) : IDisposable
{
    /// <summary>(N, C, H, W) to (N, H, W, C).</summary>
    public static readonly int[] Images = [0, 2, 3, 1];

    /// <summary>(OC, IC, KH, KW) to (KH, KW, IC, OC).</summary>
    public static readonly int[] ConvWeight = [2, 3, 1, 0];

    /// <summary>(IC, OC, KH, KW) to (IC, KH, KW, OC).</summary>
    public static readonly int[] ConvTransposeWeight = [0, 2, 3, 1];

    /// <summary>(out, in) to (in, out).</summary>
    public static readonly int[] LinearWeight = [1, 0];

    private readonly HashSet<string> _read = [];

    public Backend<float> Backend { get; } = backend;

    public ScratchBuffers<float> Scratch { get; } = new(backend);

    public int[] Shape(string tensor) => [.. Tensor(tensor).Shape];

    public int Count(string tensor) => Shape(tensor).Aggregate(1, (product, size) => product * size);

    public int Int(string attribute) => int.Parse(Text(attribute), NumberStyles.Integer, CultureInfo.InvariantCulture);

    public double Double(string attribute) => double.Parse(Text(attribute), NumberStyles.Float, CultureInfo.InvariantCulture);

    public string Text(string attribute)
    {
        Assert.That(file.Metadata.ContainsKey(attribute), Is.True, $"The attribute '{attribute}' is missing.");
        return file.Metadata[attribute];
    }

    public int[] Ints(string tensor) => Tensor(tensor).Ints;

    /// <summary>Loads a tensor to the device, its axes permuted to the given order, if any.</summary>
    public DeviceView<float> Load(string tensor, int[]? order = null) => Scratch.Of<float>(Values(tensor, order));

    public DeviceView<float> Zeros(int length) => Scratch.Zeros<float>(length);

    /// <summary>Compares a result with a tensor of the file whose axes are permuted to the given order.</summary>
    public void Close(string tensor, DeviceView<float> got, Tolerance tolerance, int[]? order = null)
        => Compare.Close(tensor, got.ToArray(), Values(tensor, order), tolerance);

    /// <summary>Fails if the file holds a tensor that no check has read.</summary>
    public void AssertEverythingWasRead()
        => Assert.That(file.Tensors.Keys.Except(_read), Is.Empty, "Tensors of the file that the check does not know.");

    public void Dispose() => Scratch.Dispose();

    private SafetensorsTensor Tensor(string name)
    {
        Assert.That(file.Tensors.ContainsKey(name), Is.True, $"The tensor '{name}' is missing.");
        _read.Add(name);
        return file.Tensors[name];
    }

    private float[] Values(string tensor, int[]? order)
        => order is null ? Tensor(tensor).Floats : Permuted(Tensor(tensor).Floats, Shape(tensor), order);

    /// <summary>Permutes axes: axis a of the result is axis order[a] of the values.</summary>
    private static float[] Permuted(float[] values, int[] shape, int[] order)
    {
        Assert.That(shape, Has.Length.EqualTo(order.Length), "The tensor has another number of axes than its operation's.");
        int[] strides = new int[shape.Length];
        int stride = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        float[] permuted = new float[values.Length];
        for (int i = 0; i < permuted.Length; i++)
        {
            int rest = i;
            int source = 0;
            for (int axis = order.Length - 1; axis >= 0; axis--)
            {
                (rest, int position) = Math.DivRem(rest, shape[order[axis]]);
                source += position * strides[order[axis]];
            }

            permuted[i] = values[source];
        }

        return permuted;
    }
}
