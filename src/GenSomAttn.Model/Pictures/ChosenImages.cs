using GenSomAttn.Model.Data;

namespace GenSomAttn.Model.Pictures;

/// <summary>Images that a figure shows one by one, with the cells that name them in its table.</summary>
internal sealed class ChosenImages
{
    private readonly ImageSet _all;
    private readonly IReadOnlyList<string> _classNames;
    private readonly int[] _indices;

    /// <summary>Chooses the first images of each class, class by class; of images without labels the first.</summary>
    /// <param name="all">The images to choose from.</param>
    /// <param name="classNames">Names of the classes; empty for images without labels.</param>
    /// <param name="perClass">Images of each class.</param>
    /// <param name="count">Maximum number of images.</param>
    public ChosenImages(ImageSet all, IReadOnlyList<string> classNames, int perClass, int count)
    {
        _all = all;
        _classNames = classNames;
        IEnumerable<int> indices = Enumerable.Range(0, all.Count);
        IEnumerable<int> ordered = classNames.Count == 0
            ? indices
            : indices.GroupBy(index => all.Labels[index]).OrderBy(group => group.Key).SelectMany(group => group.Take(perClass));
        _indices = [.. ordered.Take(count)];
        Images = all.At(_indices);
        Columns = all.Names is null ? ["index", "class"] : ["index", "file", "class"];
    }

    /// <summary>The chosen images.</summary>
    public ImageSet Images { get; }

    /// <summary>Name of each image above it: its class, or without labels its number.</summary>
    public IReadOnlyList<string> Titles =>
        [.. _indices.Select(index => _classNames.Count == 0 ? $"{index}" : _classNames[_all.Labels[index]])];

    /// <summary>Columns that name an image; images that have no files of their own have no column of files.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Returns the cells of an image in these columns; the class is empty for images without labels.</summary>
    /// <param name="image">Index among the chosen images.</param>
    public IEnumerable<object?> Cells(int image)
    {
        int index = _indices[image];
        yield return index;
        if (_all.Names is not null)
        {
            yield return _all.Names[index];
        }

        yield return _classNames.Count == 0 ? null : _classNames[_all.Labels[index]];
    }
}
