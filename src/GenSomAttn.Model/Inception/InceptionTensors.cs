using System.Security.Cryptography;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Inception;

/// <summary>
/// The tensors of a weights file by the names of pytorch-fid's state_dict, each taken once: what is missing, of another shape, not finite
/// or left over is refused.
/// </summary>
internal sealed class InceptionTensors
{
    /// <summary>Ending of the counters of training batches, which inference does not use; a file may have them or not.</summary>
    private const string Counter = ".bn.num_batches_tracked";

    private readonly Dictionary<string, SafetensorsTensor> _left;
    private readonly HashSet<string> _counters = [];

    /// <summary>Takes the tensors of a file.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="file">Its content.</param>
    /// <param name="sha256">SHA-256 of the file, lower-case hexadecimal.</param>
    public InceptionTensors(string path, SafetensorsFile file, string sha256)
    {
        Path = path;
        Sha256 = sha256;
        _left = new Dictionary<string, SafetensorsTensor>(file.Tensors);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="TensorFileException">The file cannot be read or is not of the format.</exception>
    public static InceptionTensors Read(string path)
    {
        byte[] bytes = SafetensorsFile.ReadBytes(path);
        return new InceptionTensors(path, SafetensorsFile.Parse(bytes, path), Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <summary>Returns the values of a tensor.</summary>
    /// <exception cref="TensorFileException">The tensor is missing, of another shape, or not finite.</exception>
    public float[] Take(string name, IReadOnlyList<int> shape)
    {
        if (!_left.Remove(name, out SafetensorsTensor? tensor))
        {
            throw Refuse($"tensor {name} is missing");
        }

        if (!tensor.Shape.SequenceEqual(shape))
        {
            throw Refuse($"tensor {name} has shape ({string.Join(", ", tensor.Shape)}), expected ({string.Join(", ", shape)})");
        }

        if (name.EndsWith(".bn.weight", StringComparison.Ordinal))
        {
            _counters.Add(name.Replace(".bn.weight", Counter, StringComparison.Ordinal));
        }

        return Array.TrueForAll(tensor.Floats, float.IsFinite)
            ? tensor.Floats
            : throw Refuse($"tensor {name} has a value that is not finite");
    }

    /// <summary>Returns the values of a tensor of variances.</summary>
    /// <exception cref="TensorFileException">As by <see cref="Take"/>, or a variance is negative.</exception>
    public float[] TakeVariances(string name, int count)
    {
        float[] values = Take(name, [count]);
        return Array.TrueForAll(values, value => value >= 0) ? values : throw Refuse($"tensor {name} has a negative variance");
    }

    /// <summary>Refuses tensors that no layer has taken.</summary>
    /// <exception cref="TensorFileException">There is one.</exception>
    public void CheckNothingLeft()
    {
        string? unknown = _left.Keys.Where(name => !_counters.Contains(name)).Order(StringComparer.Ordinal).FirstOrDefault();
        if (unknown is not null)
        {
            throw Refuse($"tensor {unknown} belongs to no part of this network");
        }
    }

    private TensorFileException Refuse(string fault) => new(
        $"{Path} does not hold the Inception network of pytorch-fid: {fault}. docs/DATA.md tells how to make the file.");
}
