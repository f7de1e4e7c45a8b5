using GenSomAttn.Formats;
using GenSomAttn.Model.Evaluation;

namespace GenSomAttn.Cli.Locating;

/// <summary>The .npz file of codes, units, distances and clusters of located images; -1 without clusters.</summary>
/// <param name="path">The file; its folder must exist.</param>
/// <param name="codeLength">D.</param>
internal sealed class CodesFile(string path, int codeLength) : IDisposable
{
    private const int NoCluster = -1;

    private readonly NpyWriter _file = new(
        path, new NpyArray("codes", "<f4", codeLength), new NpyArray("rows", "<i4"), new NpyArray("columns", "<i4"),
        new NpyArray("distances", "<f8"), new NpyArray("clusters", "<i4"));

    private long _images;

    /// <summary>Appends images.</summary>
    public void Add(LocatedBatch batch)
    {
        _images += batch.Images.Count;
        _file.Append(0, batch.Codes.Span);
        _file.Append<int>(1, [.. batch.Images.Select(image => image.Row)]);
        _file.Append<int>(2, [.. batch.Images.Select(image => image.Column)]);
        _file.Append<double>(3, [.. batch.Images.Select(image => image.Distance)]);
        _file.Append<int>(4, [.. batch.Images.Select(image => image.Cluster ?? NoCluster)]);
    }

    /// <summary>Writes the file.</summary>
    public void Save() => _file.Save(_images);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
