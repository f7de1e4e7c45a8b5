using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// Export and import of a model's tensors by name, in PyTorch's layouts: each parameter under its name, the codebook as som.codebook
/// (rows, columns, D), Adam's moments as optimizer.exp_avg.NAME and optimizer.exp_avg_sq.NAME.
/// </summary>
internal sealed class TensorExchange
{
    private readonly List<Entry> _entries = [];

    public TensorExchange(ImageModel model)
    {
        foreach (Parameter parameter in model.Parameters.Parameters)
        {
            _entries.Add(new Entry(parameter.Name, parameter.Layout, parameter.Value));
        }

        if (model.Map is { } map)
        {
            _entries.Add(new Entry("som.codebook", ParameterLayout.Same(map.Height, map.Width, map.Dimension), map.Codebook));
        }

        foreach (Parameter parameter in model.Parameters.Parameters)
        {
            _entries.Add(new Entry($"{Optimizer}exp_avg.{parameter.Name}", parameter.Layout, parameter.FirstMoment));
            _entries.Add(new Entry($"{Optimizer}exp_avg_sq.{parameter.Name}", parameter.Layout, parameter.SecondMoment));
        }
    }

    public IReadOnlyList<NamedTensor> Export()
    {
        float[] native = new float[_entries.Max(entry => entry.Layout.Length)];
        return [.. _entries.Select(entry => Export(entry, native.AsSpan(0, entry.Layout.Length)))];
    }

    /// <summary>Prefix of the names of the optimizer's moments.</summary>
    public const string Optimizer = "optimizer.";

    /// <summary>Imports tensors; the optimizer's moments may be missing altogether.</summary>
    /// <exception cref="TensorFileException">A tensor is missing, unknown, duplicate, or of another shape.</exception>
    public void ImportToUse(IReadOnlyList<NamedTensor> tensors)
    {
        if (!tensors.Any(tensor => tensor.Name.StartsWith(Optimizer, StringComparison.Ordinal)))
        {
            _entries.RemoveAll(entry => entry.Name.StartsWith(Optimizer, StringComparison.Ordinal));
        }

        Import(tensors);
    }

    /// <summary>Imports all tensors.</summary>
    /// <exception cref="TensorFileException">A tensor is missing, unknown, duplicate, or of another shape.</exception>
    public void Import(IReadOnlyList<NamedTensor> tensors)
    {
        var byName = new Dictionary<string, NamedTensor>();
        foreach (NamedTensor tensor in tensors)
        {
            if (!byName.TryAdd(tensor.Name, tensor))
            {
                throw new TensorFileException($"Tensor {tensor.Name} is there twice.");
            }
        }

        // Everything is checked before anything is changed.
        List<(Entry Entry, NamedTensor Tensor)> pairs = [.. _entries.Select(entry => (entry, Find(byName, entry)))];
        if (byName.Count > pairs.Count)
        {
            string unknown = byName.Keys.First(name => !_entries.Exists(entry => entry.Name == name));
            throw new TensorFileException($"Tensor {unknown} belongs to no part of this model.");
        }

        foreach ((Entry entry, NamedTensor tensor) in pairs)
        {
            entry.View.CopyFrom(entry.Layout.FromTorch(tensor.Values));
        }
    }

    private static NamedTensor Export(Entry entry, Span<float> native)
    {
        entry.View.CopyTo(native);
        return new NamedTensor(entry.Name, entry.Layout.TorchShape, entry.Layout.ToTorch(native));
    }

    private static NamedTensor Find(Dictionary<string, NamedTensor> byName, Entry entry)
    {
        if (!byName.TryGetValue(entry.Name, out NamedTensor? tensor))
        {
            throw new TensorFileException($"Tensor {entry.Name} is missing.");
        }

        if (!tensor.Shape.SequenceEqual(entry.Layout.TorchShape) || tensor.Values.Length != entry.Layout.Length)
        {
            throw new TensorFileException(
                $"Tensor {entry.Name} has shape ({string.Join(", ", tensor.Shape)}) and {tensor.Values.Length} values, expected shape "
                + $"({string.Join(", ", entry.Layout.TorchShape)}).");
        }

        return tensor;
    }

    private sealed record Entry(string Name, ParameterLayout Layout, DeviceView<float> View);
}
